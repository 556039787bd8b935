import { hello } from "./generated/api/index";
import { zHello } from "./generated/api/zod.gen";

/** Asks the server, by the client that is generated of its routes; what it answers is checked. */
export async function fetchHello() {
  const { data, response } = await hello();
  if (data === undefined) throw new Error(`The server says ${response?.status}`);
  return zHello.parse(data);
}
