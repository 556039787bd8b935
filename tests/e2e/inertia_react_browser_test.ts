/** Our side of Inertia's protocol with its client for React, in a real browser: tests/_support/inertia_scenarios.ts. */
import { inertiaClientTest } from "../_support/inertia_scenarios.ts";

inertiaClientTest("@inertiajs/react does all that Inertia can", { name: "react", protocol: 3 });
