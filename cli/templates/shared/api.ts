/** What the server says. */
export interface Hello {
  readonly message: string;
}

/** Asks the server; the page and the API have one address. */
export async function fetchHello(): Promise<Hello> {
  const response = await fetch("/api/hello");
  if (!response.ok) throw new Error(`The server says ${response.status}`);
  return await response.json() as Hello;
}
