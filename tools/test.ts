/**
 * Runs every test on every runner: `deno task test [filter…] [--only deno|bun|browser]`.
 *
 * A filter is a part of a test file's path. The last line printed is `N passed, N failed`, over all runners.
 *
 * @module
 */
import { findBun } from "./bun.ts";
import { NO_TOTALS, parseJunit, type Totals } from "./junit.ts";
import { countsLine, isGreen, type Report, reportTable, sumTotals, unreported } from "./report.ts";

/** Far above what a healthy run takes on two slow cores: only a hang gets here. */
const FILE_LIMIT_MS = 10 * 60_000;

const GROUPS = ["deno", "bun", "browser"] as const;
type Group = typeof GROUPS[number];

/** A test in a browser starts the program under the runtime that runs the test, so it takes both. */
const RUNS: readonly {
  readonly group: Group;
  readonly runner: string;
  readonly isDeno: boolean;
}[] = [
  { group: "deno", runner: "deno", isDeno: true },
  { group: "bun", runner: "bun", isDeno: false },
  { group: "browser", runner: "browser, deno", isDeno: true },
  { group: "browser", runner: "browser, bun", isDeno: false },
];

interface Arguments {
  readonly only: readonly Group[];
  readonly filters: readonly string[];
}

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(argv: readonly string[]): Promise<number> {
  const wanted = parseArguments(argv);
  const scratch = await Deno.makeTempDir({ prefix: "sidecar-tests-" });
  try {
    const bun = await findBun();
    await offerRuntimes(bun);
    const reports = await runAll(wanted, bun, scratch);
    console.log(`\n${reportTable(reports)}\n${countsLine(reports)}`);
    return isGreen(reports) ? 0 : 1;
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

function parseArguments(argv: readonly string[]): Arguments {
  const words = argv.filter((word) => word !== "--");
  const at = words.indexOf("--only");
  if (at === -1) return { only: GROUPS, filters: words };
  const only = GROUPS.filter((name) => name === words[at + 1]);
  if (only.length === 0) {
    console.error(`Cannot run "${words[at + 1]}" as a runner: it is one of ${GROUPS.join(", ")}`);
    Deno.exit(2);
  }
  return { only, filters: words.toSpliced(at, 2) };
}

/** Lets tests start `deno` and `bun` by name, on a machine that has neither installed. */
async function offerRuntimes(bun: string): Promise<void> {
  const folder = (program: string): string => program.replace(/[\\/][^\\/]*$/, "");
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const folders = [folder(await Deno.realPath(Deno.execPath()))];
  if (bun !== "bun") folders.push(folder(bun));
  Deno.env.set("PATH", [...folders, Deno.env.get("PATH") ?? ""].join(separator));
}

async function testFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const isOther = name.startsWith(".") || name === "fixtures" || name === "node_modules";
    if (isDirectory && !isOther) found.push(...await testFiles(path));
    else if (name.endsWith("_test.ts")) found.push(path);
  }
  return found.sort();
}

async function runAll(
  { only, filters }: Arguments,
  bun: string,
  scratch: string,
): Promise<Report[]> {
  const files = (await testFiles("tests"))
    .filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)));
  const reports: Report[] = [];
  // One after the other: tests of timeouts and of memory are not to fight for the same cores.
  for (const { group, runner, isDeno } of RUNS.filter(({ group }) => only.includes(group))) {
    const own = files.filter((file) => file.startsWith("tests/e2e/") === (group === "browser"));
    if (own.length === 0 && filters.length > 0) continue;
    console.log(`\n== ${runner}: ${own.length} files`);
    const started = performance.now();
    const totals = [isDeno ? await checkTypes(own) : NO_TOTALS];
    for (const file of own) totals.push(await runFile(isDeno ? undefined : bun, file, scratch));
    const seconds = (performance.now() - started) / 1000;
    reports.push({ runner, totals: sumTotals(totals), seconds });
  }
  return reports;
}

/** Checks all files at once, so that each of them can run without a compiler of its own. */
async function checkTypes(files: readonly string[]): Promise<Totals> {
  const ending = await runLimited(Deno.execPath(), ["check", ...files], FILE_LIMIT_MS);
  if (ending === undefined) return NO_TOTALS;
  return { ...NO_TOTALS, failed: [{ file: "tests", name: "deno check", message: ending }] };
}

/** Runs a file in a process of its own, so that a crash or a hang costs the tests of that file only. */
async function runFile(bun: string | undefined, file: string, scratch: string): Promise<Totals> {
  const report = `${scratch}/${crypto.randomUUID()}.xml`;
  const ending = bun === undefined
    ? await runLimited(Deno.execPath(), denoArguments(file, report), FILE_LIMIT_MS)
    : await runLimited(bun, bunArguments(file, report), FILE_LIMIT_MS);
  return unreported(parseJunit(await readReport(report), file), file, ending);
}

function denoArguments(file: string, report: string): string[] {
  return ["test", "-A", "--no-check", `--junit-path=${report}`, file];
}

function bunArguments(file: string, report: string): string[] {
  return ["test", `./${file}`, "--reporter=junit", `--reporter-outfile=${report}`];
}

async function readReport(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // A runner that crashes, or can't load a test, leaves no report.
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Runs a command in a process group of its own, and ends that group at the limit and on Ctrl-C. */
async function runLimited(
  command: string,
  args: string[],
  limitMs: number,
): Promise<string | undefined> {
  const child = new Deno.Command(command, { args, stdin: "null", detached: true }).spawn();
  const isWindows = Deno.build.os === "windows";
  const end = (): void => {
    try {
      if (isWindows) child.kill();
      else Deno.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  const interrupt = (): void => {
    end();
    Deno.exit(130);
  };
  const signals: readonly Deno.Signal[] = isWindows ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, limitMs);
  const { success, code } = await child.status;
  clearTimeout(timer);
  for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  if (isLate) return `it was ended after ${limitMs / 60_000} minutes`;
  return success ? undefined : `it ended with ${code}`;
}
