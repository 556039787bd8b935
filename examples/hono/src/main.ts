import { addNote, listNotes, type Note, removeNote } from "./api.ts";

const form = document.querySelector<HTMLFormElement>("#form")!;
const input = document.querySelector<HTMLInputElement>("#text")!;
const list = document.querySelector<HTMLUListElement>("#notes")!;
const status = document.querySelector<HTMLParagraphElement>("#status")!;

function renderNote(note: Note): HTMLLIElement {
  const item = document.createElement("li");
  const text = document.createElement("span");
  text.textContent = note.text;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `Remove "${note.text}"`);
  remove.addEventListener("click", () => attempt(removeNote(note.id)));
  item.append(text, remove);
  return item;
}

async function refresh(): Promise<void> {
  const notes = await listNotes();
  list.replaceChildren(...notes.map(renderNote));
  status.textContent = notes.length === 0 ? "Nothing yet." : "";
}

async function attempt(action: Promise<unknown>): Promise<void> {
  try {
    await action;
    await refresh();
  } catch (error) {
    status.textContent = String(error);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await attempt(addNote(input.value));
  form.reset();
});

await attempt(Promise.resolve());
