/**
 * What the process says that reads `vite.config`.
 *
 * @module
 */
import type { Fields, ViteFacts } from "./snapshot.ts";

/** What Vite makes of `vite.config`, or why it makes nothing of it. */
export type ConfigAnswer =
  | { readonly kind: "resolved"; readonly config: ViteFacts }
  | { readonly kind: "failed"; readonly why: string };

function fieldsOf(value: unknown): Fields {
  // Any object can be asked for any name.
  return typeof value === "object" && value !== null ? value as Fields : {};
}

const textOf = (value: unknown): string => typeof value === "string" ? value : "";
const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];

/**
 * Reads one line of the process's standard output.
 *
 * @returns `undefined` for everything but an answer with this nonce.
 */
export function parseConfigAnswer(line: string, nonce: string): ConfigAnswer | undefined {
  let fields: Fields;
  try {
    fields = fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
  if (fields["lv"] !== nonce) return undefined;
  if (fields["event"] === "error") return { kind: "failed", why: describe(fields) };
  if (fields["event"] !== "resolved") return undefined;
  return { kind: "resolved", config: factsOf(fieldsOf(fields["config"])) };
}

/** Case: message "x is not defined", file "/p/vite.config.ts", line 3 -> "x is not defined (/p/vite.config.ts:3)" */
function describe({ message, file, line }: Fields): string {
  const [first = "nobody says why"] = textOf(message).split("\n");
  const place = textOf(file) === ""
    ? ""
    : ` (${textOf(file)}${line === undefined ? "" : `:${line}`})`;
  return `${first}${place}`;
}

function factsOf(config: Fields): ViteFacts {
  const server = fieldsOf(config["server"]);
  const build = fieldsOf(config["build"]);
  const { host, origin, allowedHosts } = server;
  const { emptyOutDir, manifest } = build;
  return {
    version: textOf(config["version"]),
    configFile: textOf(config["configFile"]) || undefined,
    root: textOf(config["root"]),
    base: textOf(config["base"]),
    publicDir: textOf(config["publicDir"]),
    envPrefix: textsOf(config["envPrefix"]),
    plugins: textsOf(config["plugins"]),
    server: {
      host: typeof host === "string" || typeof host === "boolean" ? host : undefined,
      origin: textOf(origin) || undefined,
      cors: server["cors"],
      allowedHosts: allowedHosts === true ? true : textsOf(allowedHosts),
      proxy: textsOf(server["proxy"]),
      hmr: fieldsOf(server["hmr"]),
    },
    build: {
      base: textOf(build["base"]),
      outDir: textOf(build["outDir"]),
      emptyOutDir: typeof emptyOutDir === "boolean" ? emptyOutDir : null,
      isSsr: build["isSsr"] === true,
      manifest: typeof manifest === "string" ? manifest : manifest === true,
    },
  };
}
