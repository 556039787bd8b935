/**
 * What is shown when a build is done.
 *
 * @module
 */
import { renderDuration } from "./banner.ts";
import type { Style } from "./style.ts";

/** A file that was built. */
export interface ReportedFile {
  /** Relative to its folder. */
  readonly path: string;
  readonly bytes: number;
}

/** A folder that was built. */
export interface ReportedFolder {
  /** Relative to where we stand. */
  readonly name: string;
  readonly files: readonly ReportedFile[];
}

/** What a report tells. */
export interface BuildReport {
  readonly version: string;
  readonly viteVersion: string;
  /** What built it. @default "Vite" */
  readonly tool?: string;
  readonly executor: string;
  /** From the start of the program, in milliseconds. */
  readonly ms: number;
  /** Where the files are served; `null` where the project's own code makes the URLs. */
  readonly base: string | null;
  readonly client: ReportedFolder;
  readonly ssr: ReportedFolder | undefined;
  /** How many files of the build before are still there. */
  readonly kept: number;
}

/** More rows tell a person nothing. */
const MAX_ROWS = 12;
const CODED_REGEXP = /\.(?:br|gz|zst)$/;

/** A file with the size of its smallest compressed copy. */
interface Row extends ReportedFile {
  readonly codedBytes: number | undefined;
}

/** Puts the compressed copies beside their files; what is for programs alone is left out. */
function rowsOf(files: readonly ReportedFile[]): readonly Row[] {
  const paths = new Set(files.map(({ path }) => path));
  const isCopy = (path: string): boolean =>
    CODED_REGEXP.test(path) && paths.has(path.replace(CODED_REGEXP, ""));
  const coded = new Map<string, number>();
  for (const { path, bytes } of files) {
    const plain = path.replace(CODED_REGEXP, "");
    if (isCopy(path)) coded.set(plain, Math.min(bytes, coded.get(plain) ?? Infinity));
  }
  return files.filter(({ path }) => !isCopy(path) && !path.startsWith(".vite/"))
    .map((file) => ({ ...file, codedBytes: coded.get(file.path) }));
}

/** Renders a size: `62 B`, `1.4 kB`, `142 kB`, `1.3 MB`. */
export function renderBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const kilobytes = bytes / 1000;
  if (kilobytes < 10) return `${kilobytes.toFixed(1)} kB`;
  return kilobytes < 1000 ? `${Math.round(kilobytes)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}

/** Renders the report; every line ends with a line feed. */
export function renderBuildReport(report: BuildReport, style: Style): string {
  const { version, viteVersion, tool = "Vite", executor, ms, base, client, ssr, kept } = report;
  const lines = [
    "",
    `  ${style.bold("@lv/sidecar")} ${style.dim(version)}  built in ${
      style.bold(renderDuration(ms))
    } ${style.dim(`by ${tool} ${viteVersion} on ${executor}`)}`,
    "",
    ...renderFolder(client, base === null ? "" : `for ${base}`, style),
    ...(ssr === undefined ? [] : renderFolder(ssr, "for the server", style)),
    ...(kept === 0 ? [] : [
      `  ${style.dim(`${count(kept, "file")} of the build before kept for tabs that are open`)}`,
      "",
    ]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function renderFolder({ name, files }: ReportedFolder, note: string, style: Style): string[] {
  const rows = rowsOf(files);
  // The largest: what a visitor waits for, and what somebody may want to make smaller.
  const shown = [...rows].sort((a, b) => b.bytes - a.bytes).slice(0, MAX_ROWS);
  const width = Math.max(...shown.map(({ path }) => path.length), 0);
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const coded = rows.reduce((sum, { bytes, codedBytes = bytes }) => sum + codedBytes, 0);
  const table = shown.map(({ path, bytes, codedBytes }) => {
    const size = renderBytes(bytes).padStart(8);
    const small = codedBytes === undefined
      ? ""
      : `  ${style.dim(renderBytes(codedBytes).padStart(8))}`;
    // Padded before it is coloured: the codes have a length, too.
    return `    ${style.cyan(path.padEnd(width))}  ${size}${small}`;
  });
  const others = rows.length - shown.length;
  return [
    `  ${style.green("→")} ${style.bold(name)}  ${style.dim(note)}`.trimEnd(),
    ...table,
    ...(others === 0 ? [] : [`    ${style.dim(`and ${count(others, "smaller file")}`)}`]),
    `    ${
      style.dim(
        `${count(rows.length, "file")}, ${renderBytes(total)}` +
          (coded === total ? "" : `, ${renderBytes(coded)} compressed`),
      )
    }`,
    "",
  ];
}

/** Renders the line that `--json` promises. */
export function renderBuildLine({ base, client, ssr, viteVersion, executor }: BuildReport): string {
  const folder = ({ name, files }: ReportedFolder): object => ({
    dir: name,
    files: rowsOf(files).length,
    bytes: rowsOf(files).reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return JSON.stringify({
    built: true,
    base,
    client: folder(client),
    ssr: ssr === undefined ? null : folder(ssr),
    vite: { version: viteVersion, executor },
  });
}
