/**
 * What a request brings to be validated.
 *
 * @module
 */
import { parseFields } from "./form_fields.ts";

/** A body that is not what it says to be. */
export class InputError extends SyntaxError {
  /** The name of the class. */
  override readonly name = "InputError";
}

/**
 * Reads the input of a request: JSON, a form, or the query of a GET. The body is consumed.
 *
 * @throws {InputError} If the body is not what its type says.
 */
export async function readInput(request: Request): Promise<unknown> {
  if (request.method === "GET" || request.method === "HEAD") {
    return parseFields(URL.parse(request.url)?.searchParams ?? []);
  }
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  try {
    if (type === "multipart/form-data" || type === "application/x-www-form-urlencoded") {
      return parseFields(await request.formData());
    }
    const text = await request.text();
    return text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new InputError(`Cannot read the body as ${type || "JSON"}: it is malformed`, { cause });
  }
}
