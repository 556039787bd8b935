import { createInertiaApp } from "@inertiajs/svelte";
import { resolvePage } from "./resolve_page";
import "./style.css";

createInertiaApp({ resolve: resolvePage });
