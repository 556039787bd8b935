// What the page with the counter loads beside it.
import "./counter.css";

const form = document.querySelector("form");
const output = document.querySelector("#count");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch(form.action, {
    method: "POST",
    headers: {
      accept: "text/plain",
      "content-type": "application/x-www-form-urlencoded",
    },
  });
  if (response.ok && output !== null) {
    output.textContent = await response.text();
  }
});
