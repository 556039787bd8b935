import { fetchHello } from "./api";
import { startCounter } from "./counter";
import "./style.css";

const app = document.querySelector("#app");
if (app === null) throw new Error("The page has no #app");

app.innerHTML = `
  <main>
    <h1>__NAME__</h1>
    <button type="button" id="count"></button>
    <p id="hello" role="status">…</p>
  </main>
`;

startCounter(app.querySelector("#count"));

const hello = app.querySelector("#hello");
fetchHello().then(({ message }) => say(message), (error) => say(error.message, true));

function say(text/*+: string*/, isProblem = false) {
  hello?.classList.toggle("problem", isProblem);
  hello?.replaceChildren(text);
}
