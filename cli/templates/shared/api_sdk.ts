import { hello } from "./generated/api/index";

/** Asks the server, by the client that is generated of its routes. */
export async function fetchHello() {
  const { data, response } = await hello();
  if (data === undefined) throw new Error(`The server says ${response?.status}`);
  return data;
}
