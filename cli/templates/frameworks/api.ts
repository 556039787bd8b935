/*+export interface Hello { readonly message: string }*/

/** Asks the server; `ask` knows where it is, for pages that are made on this side too. */
export async function fetchHello(ask/*+: typeof fetch*/)/*+: Promise<Hello>*/ {
  const response = await ask("/api/hello");
  if (!response.ok) throw new Error(`The server says ${response.status}`);
  return await response.json();
}
