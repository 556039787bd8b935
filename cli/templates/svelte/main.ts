import { mount } from "svelte";
import App from "./App.svelte";
import "./style.css";

const target = document.querySelector("#app");
if (target === null) throw new Error("The page has no #app");

mount(App, { target });
