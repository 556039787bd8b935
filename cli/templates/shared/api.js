/** Asks the server; the page and the API have one address. */
export async function fetchHello() {
  const response = await fetch("/api/hello");
  if (!response.ok) throw new Error(`The server says ${response.status}`);
  return await response.json();
}
