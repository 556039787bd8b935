/**
 * Lines of the log.
 *
 * @module
 */
import type { SidecarEvent } from "../sidecar/links.ts";
import { renderDuration } from "./banner.ts";
import type { Style } from "./style.ts";

/** How much is logged. */
export type LogLevel = "quiet" | "normal" | "verbose";

const RANK: Readonly<Record<LogLevel, number>> = { quiet: 0, normal: 1, verbose: 2 };

const FRAME_REGEXP = /^\s+at \S/;

/** Whether a line belongs to a stack. What failed and where is said in our own words; the rest is for `--verbose`. */
export function isFrame(line: string): boolean {
  return FRAME_REGEXP.test(line);
}

/** The least level at which an event is worth a line. */
function levelOf(event: SidecarEvent): LogLevel {
  switch (event.kind) {
    case "request":
      return "verbose";
    case "output":
      return event.from === "vite" && isFrame(event.line) ? "verbose" : "normal";
    case "vite":
    case "backend":
      return event.condition === "down" ? "quiet" : "normal";
    case "types":
      return event.condition === "failed" ? "quiet" : "normal";
    case "warning":
    case "error":
      return "quiet";
  }
}

/** Renders a time of day: `14:05:09`. */
export function renderTime(time: { hours: number; minutes: number; seconds: number }): string {
  return [time.hours, time.minutes, time.seconds].map((part) => String(part).padStart(2, "0")).join(
    ":",
  );
}

/** Whatever came over the wire must not reach the terminal as commands to it. */
function withoutControls(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function renderStatus(status: number, style: Style): string {
  if (status >= 500) return style.red(String(status));
  return status >= 400 ? style.yellow(String(status)) : style.green(String(status));
}

function renderText(event: SidecarEvent, style: Style): string {
  switch (event.kind) {
    case "request": {
      const { method, target, status, ms } = event;
      return `${renderStatus(status, style)} ${withoutControls(method)} ${
        withoutControls(target)
      } ${style.dim(renderDuration(ms))}`;
    }
    case "vite":
    case "backend":
      return event.condition === "down" ? style.red(event.message) : event.message;
    case "types":
      return event.condition === "failed" ? style.red(event.message) : event.message;
    case "warning":
      return style.yellow(event.message);
    case "error":
      return style.red(event.message);
    case "output":
      // The child's own colours stay: it was told by FORCE_COLOR and NO_COLOR whether we want them.
      return event.line;
  }
}

/**
 * Renders an event as one line, without line feed.
 *
 * @param time The time of day, as {@linkcode renderTime} makes it.
 * @returns `undefined` if the level does not want it.
 */
export function renderEvent(
  event: SidecarEvent,
  { level, time, style }: {
    readonly level: LogLevel;
    readonly time: string;
    readonly style: Style;
  },
): string | undefined {
  if (RANK[levelOf(event)] > RANK[level]) return undefined;
  const from = event.kind === "output" ? event.from : event.kind;
  return `${style.dim(time)} ${style.dim(from.padEnd(7))} ${renderText(event, style)}`;
}
