import { z } from "zod";

/** What the server says, checked when it arrives. */
const HELLO = z.object({ message: z.string() });

export type Hello = z.infer<typeof HELLO>;

/** Asks the server; the page and the API have one address. */
export async function fetchHello(): Promise<Hello> {
  const response = await fetch("/api/hello");
  if (!response.ok) throw new Error(`The server says ${response.status}`);
  return HELLO.parse(await response.json());
}
