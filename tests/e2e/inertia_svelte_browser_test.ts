/** Our side of Inertia's protocol with its client for Svelte, in a real browser: tests/_support/inertia_scenarios.ts. */
import { inertiaClientTest } from "../_support/inertia_scenarios.ts";

inertiaClientTest("@inertiajs/svelte does all that Inertia can", { name: "svelte", protocol: 3 });
