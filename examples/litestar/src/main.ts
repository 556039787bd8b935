interface Book {
  readonly id: number;
  readonly title: string;
  readonly author: string;
}

const form = document.querySelector<HTMLFormElement>("#form")!;
const body = document.querySelector<HTMLTableSectionElement>("#books")!;
const status = document.querySelector<HTMLParagraphElement>("#status")!;
const socketState = document.querySelector<HTMLSpanElement>("#socket")!;

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  if (!response.ok) {
    throw new Error(`The backend says ${response.status} to ${path}`);
  }
  return await response.json();
}

function renderBook(book: Book): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const text of [book.title, book.author]) {
    row.insertCell().textContent = text;
  }
  return row;
}

async function refresh(): Promise<void> {
  const books = await call<readonly Book[]>("/api/books");
  body.replaceChildren(...books.map(renderBook));
  status.textContent = `${books.length} books`;
}

async function addBook(data: FormData): Promise<void> {
  await call<Book>("/api/books", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(Object.fromEntries(data)),
  });
  form.reset();
  await refresh();
}

function showSocket(text: string, isOpen: boolean): void {
  socketState.textContent = text;
  socketState.className = isOpen ? "on" : "off";
}

function openSocket(): void {
  const socket = new WebSocket("/api/echo");
  socket.onopen = () => socket.send("Litestar");
  socket.onmessage = (event) => showSocket(`socket open: ${event.data}`, true);
  socket.onclose = () => showSocket("socket closed", false);
}

const showError = (error: unknown) => {
  status.textContent = String(error);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  addBook(new FormData(form)).catch(showError);
});
openSocket();
refresh().catch(showError);
