/**
 * The body of a request, as far as its route takes it.
 *
 * @module
 */
import { parseFields } from "../inertia/form_fields.ts";
import type { BodyType } from "./route_types.ts";

/** A body, or the status of its refusal. */
export type ReadBody =
  | { readonly kind: "body"; readonly value: unknown; readonly type: BodyType }
  | { readonly kind: "refused"; readonly status: 400 | 413 | 415 };

const TYPES: ReadonlyMap<string, BodyType> = new Map([
  ["application/json", "json"],
  ["application/x-www-form-urlencoded", "form"],
  ["multipart/form-data", "multipart"],
]);

const refused = (status: 400 | 413 | 415): ReadBody => ({ kind: "refused", status });

/** Reads the body of a request. */
export async function readBody(
  request: Request,
  types: readonly BodyType[],
  maxBytes: number,
): Promise<ReadBody> {
  const type = typeOf(request.headers.get("content-type"));
  if (type === undefined || !types.includes(type)) return refused(415);
  const limited = await limitBody(request, maxBytes);
  if (limited === undefined) return refused(413);
  try {
    return type === "json"
      ? { kind: "body", type, value: JSON.parse(await limited.text()) }
      : { kind: "body", type, value: parseFields(await limited.formData()) };
  } catch (error) {
    // What was cut off on its way is nobody's mistake here.
    if (request.signal.aborted) throw error;
    return refused(400);
  }
}

/** `application/problem+json; charset=utf-8` is JSON. A text of no type is not: a form of another site may send it. */
function typeOf(header: string | null): BodyType | undefined {
  const media = header?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return TYPES.get(media) ?? (/^application\/[\w.-]+\+json$/.test(media) ? "json" : undefined);
}

/** The same body, if it is no longer than that. */
async function limitBody(
  request: Request,
  maxBytes: number,
): Promise<Request | Response | undefined> {
  const length = request.headers.get("content-length");
  if (length !== null && /^\d+$/.test(length)) {
    // The listener holds a client to what it says.
    return Number(length) <= maxBytes ? request : undefined;
  }
  const bytes = await readBytes(request, maxBytes);
  return bytes && new Response(bytes, {
    headers: { "content-type": request.headers.get("content-type") ?? "" },
  });
}

async function readBytes(request: Request, maxBytes: number): Promise<Blob | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  // Typed by hand: not every library of types knows that a stream can be looped over.
  const body = request.body as AsyncIterable<Uint8Array<ArrayBuffer>> | null;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new Blob(chunks);
}
