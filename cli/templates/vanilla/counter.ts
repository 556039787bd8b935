/** Makes a button count how often it is pressed. */
export function startCounter(button/*+: Element | null*/) {
  let count = 0;
  const show = () => button?.replaceChildren(`Count: ${count}`);
  button?.addEventListener("click", () => {
    count++;
    show();
  });
  show();
}
