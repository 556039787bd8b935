/**
 * Validation ahead of the submit: the answers that `laravel-precognition` understands.
 *
 * @module
 */
import type { FieldMessages } from "./errors.ts";
import { INERTIA_REQUEST_HEADERS, INERTIA_RESPONSE_HEADERS as NAMES } from "./headers.ts";
import { selectFields } from "./validation.ts";

/**
 * Answers a validation: 204 if the fields that were asked for are well, else 422 with what is wrong.
 *
 * Without `Precognition: true` the client throws.
 *
 * @param errors All that is wrong.
 * @param fields The fields that were asked for; null for all.
 */
export function precognitionAnswer(
  errors: FieldMessages,
  fields: readonly string[] | null,
): Response {
  const wrong = selectFields(errors, fields);
  const headers = { [NAMES.precognition]: "true", vary: INERTIA_REQUEST_HEADERS.precognition };
  if (Object.keys(wrong).length > 0) {
    return Response.json({ errors: wrong }, { status: 422, headers });
  }
  return new Response(null, {
    status: 204,
    headers: { ...headers, [NAMES.precognitionSuccess]: "true" },
  });
}
