// What the page of the guests loads beside it.
import "./guests.css";

declare global {
  var __LV_ROUTES__: { readonly guests: string };
}

const form = document.querySelector("form");
const list = document.querySelector("#guests");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = String(new FormData(form).get("name"));
  const { ok } = await fetch(globalThis.__LV_ROUTES__.guests, {
    method: "POST",
    body: name,
  });
  if (!ok) return;
  const item = document.createElement("li");
  item.textContent = name;
  list?.append(item);
  form.reset();
});
