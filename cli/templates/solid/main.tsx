import { render } from "solid-js/web";
import { App } from "./App";
import "./style.css";

const root = document.querySelector("#app");
if (root === null) throw new Error("The page has no #app");

render(() => <App />, root);
