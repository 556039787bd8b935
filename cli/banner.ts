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
  readonly frontEnd:
    | {
      readonly kind: "vite";
      /** The framework whose dev server it is. @default "Vite" */
      readonly name?: string;
      /** `undefined` where somebody else started it. */
      readonly version: string | undefined;
      readonly executor: string | undefined;
      readonly base: string;
      /** Set for a Vite that was started by somebody else, and for one that listens for the browser itself. */
      readonly url: string | undefined;
    }
    | {
      readonly kind: "build";
      readonly versionId: string;
      readonly assetUrl: string;
      /** Relative to where we stand. */
      readonly folder: string;
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
  const { version, url, ms, frontEnd, app } = facts;
  const label = frontEnd.kind === "vite" ? frontEnd.name ?? "Vite" : "Build";
  // Aligned for the usual names; a framework's may be longer.
  const width = Math.max(6, label.length + 1);
  const row = (name: string, text: string): string => `  ${style.dim(name.padEnd(width))}${text}`;
  return [
    "",
    `  ${style.bold("@lv/sidecar")} ${style.dim(version)}  ready in ${
      style.bold(renderDuration(ms))
    }`,
    "",
    `  ${style.green("→")}${" ".repeat(width - 1)}${style.cyan(url)}`,
    row(label, frontEnd.kind === "vite" ? renderVite(frontEnd) : renderBuild(frontEnd)),
    row("App", app === undefined ? style.dim("none, the pages alone") : renderApp(app, style)),
    "",
    "",
  ].join("\n");
}

type Vite = Extract<BannerFacts["frontEnd"], { kind: "vite" }>;
type Build = Extract<BannerFacts["frontEnd"], { kind: "build" }>;

function renderBuild({ versionId, assetUrl, folder }: Build): string {
  return `${versionId} of ${folder}, files at ${assetUrl}`;
}

function renderVite({ version, executor, base, url }: Vite): string {
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
