// Loaded by the fragment that shows it. A module runs once however often the fragment comes, so it defines an element:
// the browser brings each new one to life.
import "./chart.css";

class TodoChart extends HTMLElement {
  connectedCallback(): void {
    this.replaceChildren(this.#bar("done"), this.#bar("open"));
    this.dataset["drawn"] = "";
  }

  #bar(name: "open" | "done"): HTMLElement {
    const count = Number(this.getAttribute(name));
    const bar = document.createElement("div");
    bar.className = name;
    bar.style.flexGrow = String(count);
    bar.textContent = `${count} ${name}`;
    bar.hidden = count === 0;
    return bar;
  }
}

if (customElements.get("todo-chart") === undefined) {
  customElements.define("todo-chart", TodoChart);
}
