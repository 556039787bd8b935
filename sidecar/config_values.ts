/**
 * What the value of an option may be: one zod schema per kind of value.
 *
 * A message is the state of an error, written so that it follows `Cannot use "…" as …: `.
 *
 * @module
 */
import { isIP } from "node:net";
import { z } from "zod";
import { parseAssetUrl } from "./asset_url.ts";
import { parseCommandWords } from "./command_words.ts";
import { parseDuration } from "./config_text.ts";
import type { Inject } from "./config_types.ts";
import { isHostName, withoutBrackets } from "./host_name.ts";

/** The longest time that a timer takes; a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What an option may be, in words that follow "it must be". */
export const ALLOWED = {
  boolean: "true or false",
  bytes: "a whole number of bytes, 0 or more",
  duration: 'milliseconds, or a time such as "500ms", "30s" or "2m", at most 2147483647 ms',
  executor: '"node", "bun" or "deno"',
  framework: '"astro", "sveltekit", "nuxt", "react-router" or "tanstack-start"',
  host: "a name or an IP address, without scheme and port",
  inject: "an object with headStart, headEnd, bodyStart, bodyEnd or globals, or a function",
  logLevel: '"quiet", "normal" or "verbose"',
  mode: "a text that is not empty",
  origin: 'an origin such as "http://127.0.0.1:8001"',
  path: "a path that is not empty",
  ssrMode: '"auto", "process" or "in-process"',
  port: "a whole number from 0 to 65535; 0 takes any free port",
  base: 'a path such as "/" or "/static/"',
  assetUrl: 'a path such as "/static/", or a URL such as "https://cdn.example.com/static/"',
  bundlePath: 'a path inside the bundle directory, such as "manifest.json"',
  sources: 'a path, or a list of paths, such as "src/main.ts"',
  staticProps: "an object of plain JSON",
  command: "a command, or a list of its words",
  allowedHosts: 'a list of hosts such as "app.test" or ".app.test", or true for any',
  trustedProxies: 'a list of addresses such as "10.0.0.1" or "10.0.0.0/8", or "*" for any',
  routes: 'a list of path patterns such as "/reports/*"',
  healthPath: 'a path such as "/", or false',
  json: "plain JSON",
  globalName: 'an identifier of JavaScript, such as "__LV_ROUTES__"',
  csrfToken: "a function of the request",
  policy: "a policy such as \"script-src 'self'\", without line breaks",
  timeouts: "an object with connect, headers, idle, stop, body, send, request or ping",
} as const;

/** Adds an issue to a value whose shape is right. */
type Refuse = (state: string) => void;

function refined<Output>(
  schema: z.ZodType<Output>,
  check: (value: Output, refuse: Refuse) => void,
): z.ZodType<Output> {
  return schema.superRefine((value, context) =>
    check(value, (message) => context.addIssue({ code: "custom", message }))
  );
}

/** Yes or no. */
export const boolean = z.boolean(`it must be ${ALLOWED.boolean}`);
/** A size. */
export const bytes = z.number(`it must be ${ALLOWED.bytes}`)
  .int(`it must be ${ALLOWED.bytes}`).min(0, `it must be ${ALLOWED.bytes}`);
/** A port to listen on. */
export const port = z.number(`it must be ${ALLOWED.port}`)
  .int(`it must be ${ALLOWED.port}`)
  .min(0, `it must be ${ALLOWED.port}`).max(65535, `it must be ${ALLOWED.port}`);

const milliseconds = z.number(`it must be ${ALLOWED.duration}`)
  .int(`it must be ${ALLOWED.duration}`)
  .min(0, `it must be ${ALLOWED.duration}`).max(MAX_TIMER_MS, `it must be ${ALLOWED.duration}`);
/** A time; milliseconds in the end. */
export const duration = z.preprocess(
  // A text that is no duration goes on as it is, and the number's own message names it.
  (value) => typeof value === "string" ? parseDuration(value) ?? value : value,
  milliseconds,
);

/** A text that is not blank. */
export function text(allowed: string): z.ZodType<string> {
  return refined(z.string(`it must be ${allowed}`), (value, refuse) => {
    if (value.trim() === "") refuse(`it must be ${allowed}`);
    else if (value.includes("\0")) refuse("it must not hold a NUL character");
  });
}

/** An address to listen on, without brackets in the end. */
export const host = z.preprocess(
  (value) => typeof value === "string" ? withoutBrackets(value) : value,
  refined(z.string(`it must be ${ALLOWED.host}`), (value, refuse) => {
    if (isIP(value) === 0 && !isHostName(value)) refuse(`it must be ${ALLOWED.host}`);
  }),
);

/** Vite's mode. */
export const mode = refined(text(ALLOWED.mode), (value, refuse) => {
  // Vite refuses it too, but only after it has started.
  if (value === "local") refuse('"local" is the ending of Vite\'s ".env.local" files and no mode');
});

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function whatIsWrongWithOrigin(value: string): string | undefined {
  const url = parseUrl(value);
  if (url === undefined || !/^https?:\/\//i.test(value)) return originState(value);
  if (url.username !== "" || url.password !== "") {
    return "it must not carry a user name or a password";
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return `it must be an origin alone, without a path: "${url.origin}"`;
  }
  return url.port === "0" ? "port 0 is no port that can be connected to" : undefined;
}

/** Somebody who leaves the scheme out gets it put in: `:8001`, `8001`, `localhost:8001`. */
function originState(value: string): string {
  const state = `it must be ${ALLOWED.origin}`;
  const bare = /^(?:([a-z0-9.-]+):|:?)(\d{1,5})$/i.exec(value.trim());
  if (bare === null) return state;
  const [, name = "127.0.0.1", number = ""] = bare;
  return `${state}; did you mean "http://${name}:${number}"`;
}

/** Scheme, host and port of a server; in the form of `URL.origin` in the end. */
export const origin = refined(z.string(`it must be ${ALLOWED.origin}`), (value, refuse) => {
  const state = whatIsWrongWithOrigin(value);
  if (state !== undefined) refuse(state);
}).transform((value) => new URL(value).origin);

/** What Vite makes of a base in development: relative ones are `/`, of a URL the path counts. */
function normalizeBase(value: string): string {
  if (["", ".", "./"].includes(value)) return "/";
  const path = new URL(value, "http://base.invalid").pathname;
  return path.endsWith("/") ? path : `${path}/`;
}

/** Vite's base in development; a path from slash to slash in the end. */
export const base = refined(z.string(`it must be ${ALLOWED.base}`), (value, refuse) => {
  if (["", ".", "./"].includes(value)) return;
  const isUrl = /^https?:\/\//i.test(value);
  if (isUrl ? !URL.canParse(value) : !value.startsWith("/")) {
    refuse(`it must be ${ALLOWED.base}${isUrl ? "" : `; did you mean "/${value}"`}`);
  } else if (!isUrl && /^\/[/\\]|[?#\\\s]|\/\.\.?(?:\/|$)/.test(value)) {
    refuse('it must be a path without "//" at its start, "?", "#", "\\", blanks, "." and ".."');
  }
}).transform(normalizeBase);

/** Where built files are served; with a slash at its end in the end. */
export const assetUrl = z.string(`it must be ${ALLOWED.assetUrl}`).transform((value, context) => {
  try {
    return parseAssetUrl(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Its state alone: whoever shows it says what was used as what.
    context.addIssue({
      code: "custom",
      message: error.message.replace(/^.* as the URL of assets: /, ""),
    });
    return z.NEVER;
  }
});

/** A file below a folder. */
export const bundlePath = refined(text(ALLOWED.bundlePath), (value, refuse) => {
  if (/^[/\\]|^[a-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(value)) {
    refuse(`it must be ${ALLOWED.bundlePath}`);
  }
});

const source = text(ALLOWED.sources);
/** Sources of a build; a list in the end. */
export const sources = z.preprocess(
  (value) => typeof value === "string" ? [value] : value,
  z.array(source, `it must be ${ALLOWED.sources}`).min(1, `it must be ${ALLOWED.sources}`)
    .readonly(),
);

/** A value of JSON; whatever else `JSON.stringify` would leave out or change is refused. */
function isPlainJson(value: unknown, above: readonly unknown[] = []): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || "toJSON" in value || above.includes(value)) return false;
  const isPlainObject = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlainObject && !Array.isArray(value)) return false;
  return Object.entries(value).every(([key, each]) =>
    // A module's object literal would take it for the prototype.
    key !== "__proto__" && isPlainJson(each, [...above, value])
  );
}

/** Where `healthz` and `readyz` answer; `undefined` for nowhere in the end. */
export const healthPath = z.union([
  base,
  z.literal(false).transform(() => undefined),
], `it must be ${ALLOWED.healthPath}`);

/** A value for pages. */
export const json = z.custom<unknown>((value) => isPlainJson(value), `it must be ${ALLOWED.json}`);

/** A property of `window`. */
export const globalName = refined(text(ALLOWED.globalName), (value, refuse) => {
  if (!/^[A-Za-z_$][\w$]*$/.test(value)) refuse(`it must be ${ALLOWED.globalName}`);
});

/** The option `csrfToken`. */
export const csrfToken = z.custom<(request: Request) => string | Promise<string>>(
  (value) => typeof value === "function",
  `it must be ${ALLOWED.csrfToken}`,
);

/** A header's value. */
export const policy = refined(text(ALLOWED.policy), (value, refuse) => {
  if (!/^[\x20-\x7e]+$/.test(value)) refuse(`it must be ${ALLOWED.policy}`);
});

/** The option `staticProps`. */
export const staticProps = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && !Array.isArray(value) && value !== null,
  `it must be ${ALLOWED.staticProps}`,
).superRefine((value, context) => {
  for (const [key, each] of Object.entries(value)) {
    if (key !== "__proto__" && isPlainJson(each)) continue;
    context.addIssue({ code: "custom", path: [key], message: "it must be plain JSON" });
  }
});

/** A program and its arguments; words in the end. */
export const command = z.union([z.string(), z.array(z.string("a word of it must be a text"))], {
  error: `it must be ${ALLOWED.command}`,
}).transform((value, context): readonly string[] => {
  const issue = (message: string): readonly string[] => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  try {
    const words = typeof value === "string" ? parseCommandWords(value) : value;
    if (words.length === 0 || words[0] === "") return issue("it must name a program");
    return words.some((word) => word.includes("\0"))
      ? issue("it must not hold a NUL character")
      : words;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return issue(`a quote is not closed`);
  }
});

function list(
  allowed: string,
  whatIsWrong: (item: string) => string | undefined,
): z.ZodType<readonly string[]> {
  const item = refined(z.string(`it must be ${allowed}`), (value, refuse) => {
    const state = whatIsWrong(value);
    if (state !== undefined) refuse(state);
  });
  return z.array(item, `it must be ${allowed}`).readonly();
}

const hosts = list(ALLOWED.allowedHosts, (value) => {
  if (isIP(withoutBrackets(value)) !== 0) return undefined;
  if (value === "*") return "it must be a host; true lets any host in";
  if (value.startsWith("*.")) return `a wildcard is written "${value.slice(1)}"`;
  const name = value.startsWith(".") ? value.slice(1) : value;
  return isHostName(name) ? undefined : 'it must be a host such as "app.test" or ".app.test"';
});

/** Hosts that are let in. */
export const allowedHosts = z.union(
  [z.literal(true), hosts],
  `it must be ${ALLOWED.allowedHosts}`,
);

/** Peers that are believed; addresses and CIDR in the end. */
export const trustedProxies = list(ALLOWED.trustedProxies, (value) => {
  const state = `it must be ${ALLOWED.trustedProxies.replace("a list of addresses", "an address")}`;
  if (value === "*") return undefined;
  const [address = "", bits, ...rest] = value.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return state;
  if (bits === undefined) return undefined;
  const most = family === 4 ? 32 : 128;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most
    ? undefined
    : `the part behind "/" must be a whole number from 0 to ${most}`;
}).transform((values): readonly string[] =>
  // A "*" inside the list would be one more rule for whoever matches addresses.
  values.flatMap((value) => value === "*" ? ["0.0.0.0/0", "::/0"] : [value])
);

/** Path patterns. */
export const routes = list(ALLOWED.routes, (value) => {
  if (!value.startsWith("/")) return `it must start with "/": "/${value}"`;
  return /[?#\s]/.test(value) ? 'it must be a path, without "?", "#" and blanks' : undefined;
});

/** The options of `timeouts`. */
export const timeouts = z.strictObject({
  connect: duration.optional(),
  headers: duration.optional(),
  idle: duration.optional(),
  stop: duration.optional(),
  body: duration.optional(),
  send: duration.optional(),
  request: duration.optional(),
  ping: duration.optional(),
}, `it must be ${ALLOWED.timeouts}`);

const html = z.string("it must be a text of HTML").optional();
const pieces = z.strictObject({
  headStart: html,
  headEnd: html,
  bodyStart: html,
  bodyEnd: html,
  globals: z.record(z.string(), z.unknown(), "it must be an object").optional(),
}, `it must be ${ALLOWED.inject}`);
/** The option `inject`. */
export const inject = z.union([
  z.custom<Extract<Inject, CallableFunction>>((value) => typeof value === "function"),
  pieces,
], `it must be ${ALLOWED.inject}`);
