export interface Note {
  readonly id: number;
  readonly text: string;
}

async function call(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init);
  if (!response.ok) {
    throw new Error(`The server says ${response.status} to ${path}`);
  }
  return response;
}

export async function listNotes(): Promise<readonly Note[]> {
  return (await call("/api/notes")).json();
}

export async function addNote(text: string): Promise<Note> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ text });
  return (await call("/api/notes", { method: "POST", headers, body })).json();
}

export async function removeNote(id: number): Promise<void> {
  await call(`/api/notes/${id}`, { method: "DELETE" });
}
