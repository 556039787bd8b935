import { hc } from "hono/client";
import type app from "../server";

/** The server's routes with their types; the page and the API have one address. */
const client = hc<typeof app>("/");

/** Asks the server. */
export async function fetchHello() {
  const response = await client.api.hello.$get();
  if (!response.ok) throw new Error(`The server says ${response.status}`);
  return await response.json();
}
