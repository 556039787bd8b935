/** Our side of Inertia's protocol with its client for Vue, in a real browser: tests/_support/inertia_scenarios.ts. */
import { inertiaClientTest } from "../_support/inertia_scenarios.ts";

inertiaClientTest("@inertiajs/vue3 does all that Inertia can", { name: "vue", protocol: 3 });
