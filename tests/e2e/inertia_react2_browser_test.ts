/** Our side of version 2 of the protocol with the client of that time: tests/_support/inertia_scenarios.ts. */
import { inertiaClientTest } from "../_support/inertia_scenarios.ts";

inertiaClientTest("@inertiajs/react 2 does all that Inertia 2 can", { name: "react", protocol: 2 });
