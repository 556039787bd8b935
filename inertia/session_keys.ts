/**
 * The keys that a session is sealed with.
 *
 * @module
 */
import process from "node:process";

/** A secret: text of at least 32 characters, or as many bytes. */
export type SessionKey = string | Uint8Array<ArrayBuffer>;

/** Keys of one secret, as the sealing takes them. */
export interface SealKey {
  /** Names the secret in what it seals. */
  readonly id: string;
  /** Encrypts. */
  readonly encryption: Uint8Array<ArrayBuffer>;
  /** Signs. */
  readonly integrity: Uint8Array<ArrayBuffer>;
}

/** The environment variable for keys, the newest first, with commas between them. */
export const KEY_VARIABLE = "LV_SESSION_KEY";

const MIN_KEY_LENGTH = 32;
const KEY_BYTES = 32;
const ID_BYTES = 8;

/**
 * Finds the secrets, the newest first.
 *
 * Without any, one is made in development, and a warning says so; in production that would log everybody out at each
 * start, and two machines would not know each other's visitors.
 *
 * @param keys What the user gave, before the environment is looked at.
 * @param dev Whether a secret that lasts as long as the process will do.
 * @throws {TypeError} If there is none in production, or one is too short.
 */
export function findKeys(
  keys: SessionKey | readonly SessionKey[] | undefined,
  dev: boolean | undefined,
): readonly SessionKey[] {
  const given = keys ?? readVariable(KEY_VARIABLE)?.split(",").map((key) => key.trim());
  // No array is a key.
  const found = (given === undefined ? [] : Array.isArray(given) ? given : [given]) as SessionKey[];
  const secrets = found.filter((key) => key !== undefined && key.length > 0);
  for (const [index, key] of secrets.entries()) {
    if (key.length >= MIN_KEY_LENGTH) continue;
    // The key itself has no business in a message.
    throw new TypeError(
      `Cannot use key ${index + 1} of ${secrets.length} for sessions: ` +
        `it has ${key.length} characters or bytes, and needs ${MIN_KEY_LENGTH}`,
    );
  }
  if (secrets.length > 0) return secrets;
  if (dev ?? isDevelopment()) return [ephemeralKey()];
  throw new TypeError(
    `Cannot seal sessions: there is no key; set ${KEY_VARIABLE} to at least ${MIN_KEY_LENGTH} random characters ` +
      `("openssl rand -hex 32" makes some), or dev to true for a key that lasts as long as the process`,
  );
}

/** Whether the environment has keys for sessions. */
export function hasKeyVariable(): boolean {
  return (readVariable(KEY_VARIABLE) ?? "").trim() !== "";
}

function ephemeralKey(): SessionKey {
  console.warn(
    `Sessions are sealed with a key that lasts as long as this process: set ${KEY_VARIABLE} to keep them longer`,
  );
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/** What is not said to be development is production: a mistake is then an error at the start, not a weak key. */
function isDevelopment(): boolean {
  const mode = readVariable("NODE_ENV");
  return mode === "development" || mode === "test";
}

function readVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    // Deno without --allow-env.
    return undefined;
  }
}

/**
 * Derives the keys of a secret with HKDF (RFC 5869): one to encrypt and one to sign, and others for another purpose,
 * so that what was sealed for one cookie is nothing in another.
 */
export async function deriveSealKey(secret: SessionKey, purpose: string): Promise<SealKey> {
  const encoder = new TextEncoder();
  const bytes = typeof secret === "string" ? encoder.encode(secret) : secret;
  const base = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
  const derived = new Uint8Array(
    await crypto.subtle.deriveBits(
      {
        name: "HKDF",
        hash: "SHA-256",
        salt: new Uint8Array(),
        info: encoder.encode(`@lv/sidecar/inertia ${purpose}`),
      },
      base,
      (2 * KEY_BYTES + ID_BYTES) * 8,
    ),
  );
  const id = derived.subarray(2 * KEY_BYTES);
  return {
    id: Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    encryption: derived.slice(0, KEY_BYTES),
    integrity: derived.slice(KEY_BYTES, 2 * KEY_BYTES),
  };
}
