/**
 * What is shown when everything is ready.
 *
 * @module
 */
import type { Style } from "./style.ts";

/** What a banner tells. */
export interface BannerFacts {
  readonly version: string;
  /** Where the browser goes. */
  readonly url: string;
  /** From the start of the program, in milliseconds. */
  readonly ms: number;
  readonly vite: {
    /** `undefined` where somebody else started it. */
    readonly version: string | undefined;
    readonly executor: string | undefined;
    readonly base: string;
    /** Set for a Vite that was started by somebody else, and for one that listens for the browser itself. */
    readonly url: string | undefined;
  };
  /** What answers beside Vite: an address, a command, a file; `undefined` if nothing does. */
  readonly app: { readonly name: string; readonly isUp: boolean } | undefined;
}

/** Renders a time: `412 ms`, `1.4 s`. */
export function renderDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Renders the banner; every line ends with a line feed. */
export function renderBanner(facts: BannerFacts, style: Style): string {
  const { version, url, ms, vite, app } = facts;
  const row = (name: string, text: string): string => `  ${style.dim(name.padEnd(6))}${text}`;
  return [
    "",
    `  ${style.bold("@lv/sidecar")} ${style.dim(version)}  ready in ${
      style.bold(renderDuration(ms))
    }`,
    "",
    `  ${style.green("→")}     ${style.cyan(url)}`,
    row("Vite", renderVite(vite)),
    row("App", app === undefined ? style.dim("none, Vite's pages alone") : renderApp(app, style)),
    "",
    "",
  ].join("\n");
}

function renderVite({ version, executor, base, url }: BannerFacts["vite"]): string {
  const what = [version, executor === undefined ? undefined : `on ${executor}`];
  const name = what.filter((part) => part !== undefined).join(" ");
  const parts = [
    name === "" ? "runs already" : name,
    ...(url === undefined ? [] : [`at ${url}`]),
    ...(base === "/" ? [] : [`base ${base}`]),
  ];
  return parts.join(", ");
}

function renderApp({ name, isUp }: { name: string; isUp: boolean }, style: Style): string {
  return isUp ? name : `${name} ${style.yellow("(does not answer yet)")}`;
}
