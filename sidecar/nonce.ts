/**
 * Nonces of a content security policy, and the policy that names one.
 *
 * @module
 */

// CSP 3 §2.3.1, base64-value
const NONCE_REGEXP = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Checks a nonce.
 *
 * @throws {TypeError} If it is not base64: anything else could leave its attribute or its header.
 */
export function checkedNonce(nonce: string): string {
  if (NONCE_REGEXP.test(nonce)) return nonce;
  throw new TypeError(`Cannot use ${JSON.stringify(nonce)} as a nonce: it is not base64`);
}

/** Directives that say which scripts and styles may run; the first that is there counts (CSP 3 §6.8.4). */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  "script-src": ["script-src-elem", "script-src", "default-src"],
  "style-src": ["style-src-elem", "style-src", "default-src"],
};

/**
 * Adds a nonce to a policy, without letting in anything else.
 *
 * A directive that is `'none'` stays so: somebody wanted no script at all. Styles that may all stand inline stay so too.
 * Policies of several fields, or joined by a comma, must all allow a script, so each gets the nonce.
 *
 * @param policy The value of `Content-Security-Policy`.
 * @param nonce From {@linkcode checkedNonce}.
 */
export function addNonceToPolicy(policy: string, nonce: string): string {
  return policy.split(",").map((single) => addNonce(single, checkedNonce(nonce))).join(",");
}

/** Stands for the nonce while a policy is taken apart; no policy of anybody has it. */
const STAND_IN = "LvSidecarNonceStandIn0";

/**
 * Prepares a policy for many nonces: it is taken apart once, not for each page.
 *
 * @param policy The value of `Content-Security-Policy`.
 * @returns What {@linkcode addNonceToPolicy} would give for a nonce.
 */
export function compilePolicy(policy: string): (nonce: string) => string {
  const parts = addNonceToPolicy(policy, STAND_IN).split(STAND_IN);
  return (nonce) => parts.join(nonce);
}

function addNonce(policy: string, nonce: string): string {
  const directives = policy.split(";").map((text) => text.trim()).filter((text) => text !== "");
  const source = `'nonce-${nonce}'`;
  const added: string[] = [];
  for (const [target, names] of Object.entries(FALLBACKS)) {
    const index = names.map((name) => directives.findIndex((text) => nameOf(text) === name))
      .find((found) => found >= 0);
    if (index === undefined) continue;
    const directive = directives[index] ?? "";
    const sources = directive.split(/\s+/).slice(1);
    if (sources.length === 0 || sources.some((text) => text.toLowerCase() === "'none'")) continue;
    if (sources.includes(source)) continue;
    // A nonce would switch it off (CSP 3 §6.7.3.2), and with it every attribute `style`. What scripts may do gets stricter.
    if (target === "style-src" && allowsInline(sources)) continue;
    // The default also rules images and fetches: only scripts and styles get the nonce.
    if (nameOf(directive) === "default-src") added.push([target, ...sources, source].join(" "));
    else directives[index] = `${directive} ${source}`;
  }
  return [...directives, ...added].join("; ");
}

function allowsInline(sources: readonly string[]): boolean {
  const lower = sources.map((text) => text.toLowerCase());
  return lower.includes("'unsafe-inline'") &&
    !lower.some((text) => /^'(?:nonce|sha256|sha384|sha512)-/.test(text));
}

function nameOf(directive: string): string {
  return (directive.split(/\s+/, 1)[0] ?? "").toLowerCase();
}
