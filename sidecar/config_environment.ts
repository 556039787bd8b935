/**
 * The environment variables that stand for options.
 *
 * Their names are those of PRD 001 and of litestar-vite, so that a project can move without renaming any.
 *
 * @module
 */
import { type OptionName, readOptionText } from "./config_schema.ts";
import { parseBoolean } from "./config_text.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable says: a value for an option, nothing, or something that can't be. */
type Reading =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly state: string };

interface VariableRule {
  readonly variable: string;
  readonly option: OptionName;
  readonly read: (text: string) => Reading;
}

const value = (of: unknown): Reading => ({ kind: "value", value: of });
const nothing: Reading = { kind: "nothing" };
const refused = (state: string): Reading => ({ kind: "refused", state });

function readProxyMode(text: string): Reading {
  switch (text.toLowerCase()) {
    // litestar-vite's two ways to forward; here the router decides for each request.
    case "proxy":
    case "vite":
      return value(false);
    case "direct":
      return value(true);
    case "none":
      return refused(
        'it must be "proxy" (or "vite") or "direct"; without Vite the app needs nothing in front of it',
      );
    default:
      return refused('it must be "proxy" (or "vite") or "direct"');
  }
}

function readExecutor(text: string): Reading {
  const name = text.toLowerCase();
  // litestar-vite's name for a package manager; each of these starts Vite on Node.
  return value(["npm", "yarn", "pnpm"].includes(name) ? "node" : name);
}

function readProxyDebug(text: string): Reading {
  const debug = parseBoolean(text);
  if (debug === undefined) return refused("it must be true or false");
  return debug ? value("verbose") : nothing;
}

/** Whether types are generated at all; which ones, a variable can't say. */
function readTypes(text: string): Reading {
  const types = parseBoolean(text);
  if (types === undefined) return refused("it must be true or false");
  return types ? nothing : value(false);
}

/** A variable whose text is read as the flag of its option is. */
function plain(variable: string, option: OptionName): VariableRule {
  return { variable, option, read: (text) => value(readOptionText(option, text)) };
}

/** Every variable with its option. Where two stand for one option, the first that is set counts. */
export const VARIABLE_RULES: readonly VariableRule[] = [
  plain("VITE_HOST", "host"),
  plain("VITE_PORT", "port"),
  { variable: "VITE_PROXY_MODE", option: "direct", read: readProxyMode },
  plain("VITE_ALLOW_REMOTE", "allowRemote"),
  plain("VITE_DEV_MODE", "dev"),
  plain("ASSET_URL", "assetUrl"),
  { variable: "LITESTAR_VITE_RUNTIME", option: "executor", read: readExecutor },
  { variable: "VITE_EXECUTOR", option: "executor", read: readExecutor },
  plain("LITESTAR_TRUSTED_PROXIES", "trustedProxies"),
  plain("LITESTAR_VITE_LOG_LEVEL", "logLevel"),
  { variable: "VITE_PROXY_DEBUG", option: "logLevel", read: readProxyDebug },
  { variable: "SIDECAR_TYPES", option: "types", read: readTypes },
  plain("__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS", "allowedHosts"),
];

/** What one variable says of an option. */
export interface VariableValue {
  readonly variable: string;
  readonly option: OptionName;
  /** The text as it stands in the environment. */
  readonly text: string;
  /** The value, still to be checked; not there if `refused` is. */
  readonly value?: unknown;
  /** Why the text can't be used: the state of an error. */
  readonly refused?: string;
}

/**
 * Reads what the environment says of the options. An empty variable counts as not set.
 *
 * @returns One entry per option at most.
 */
export function readEnvironment(environment: Environment): VariableValue[] {
  const found = new Map<VariableValue["option"], VariableValue>();
  for (const { variable, option, read } of VARIABLE_RULES) {
    const text = environment[variable]?.trim() ?? "";
    if (text === "" || found.has(option)) continue;
    const reading = read(text);
    if (reading.kind === "nothing") continue;
    found.set(option, {
      variable,
      option,
      text,
      ...(reading.kind === "value" ? { value: reading.value } : { refused: reading.state }),
    });
  }
  return [...found.values()];
}
