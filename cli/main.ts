/**
 * The command line: reads it, and hands over to a command.
 *
 * @module
 */
import process from "node:process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { currentRuntime } from "../runtime/current.ts";
import { type Invocation, parseArguments } from "./args.ts";
import { renderError, renderUsageError } from "./errors.ts";
import { renderHelp } from "./help.ts";
import { renderTime } from "./log.ts";
import { LogSink } from "./log_sink.ts";
import { type EndSignal, errorFacts, type ProgramWorld } from "./program.ts";
import { createStyle, wantsColor } from "./style.ts";

const SIGNALS: readonly EndSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** How long the end waits for a terminal to take what was said. */
const LAST_WORDS_MS = 500;

/**
 * Runs the program.
 *
 * @param argv What was typed behind the name of the program.
 * @param world What it runs in. @default this process
 * @returns The exit code: 0, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C.
 */
export async function runCli(
  argv: readonly string[],
  world: ProgramWorld = systemWorld(openLog()),
): Promise<number> {
  const invocation = parseArguments(argv);
  const { version, program } = world;
  switch (invocation.kind) {
    case "version":
      world.out(`${version}\n`);
      return 0;
    case "help": {
      const style = createStyle(wantsColor({ isTerminal: process.stdout.isTTY, env: world.env }));
      world.out(renderHelp(invocation.command, { program, version, style }));
      return 0;
    }
    case "wrong":
      world.err(
        renderUsageError(invocation.problems, invocation.command, errorFacts(world, false)),
      );
      return 2;
    case "run":
      return await runCommand(invocation, world);
  }
}

async function runCommand(
  run: Extract<Invocation, { kind: "run" }>,
  world: ProgramWorld,
): Promise<number> {
  try {
    // Loaded when they are needed: --help does not wait for a server.
    if (run.command === "dev" || run.command === "serve") {
      return await (await import("./dev.ts")).runDev(run, world);
    }
    if (run.command === "build") return await (await import("./build.ts")).runBuild(run, world);
    if (run.command === "generate-types") {
      return await (await import("./generate_types.ts")).runGenerateTypes(run, world);
    }
    if (run.command === "export-routes" || run.command === "export-schema") {
      return await (await import("./export_document.ts")).runExport(run, world);
    }
    if (run.command === "doctor") return await (await import("./doctor.ts")).runDoctor(run, world);
    if (run.command === "status") return await (await import("./status.ts")).runStatus(run, world);
    if (run.command === "init") return await (await import("./init.ts")).runInit(run, world);
    if (run.command === "install" || run.command === "update") {
      return await (await import("./packages.ts")).runPackages(run, world);
    }
    return await (await import("./child.ts")).runChild(run, world);
  } catch (error) {
    world.err(renderError(error, errorFacts(world, run.verbose)));
    return 1;
  }
}

/** Runs the program in this process, and ends the process. */
export async function main(): Promise<void> {
  const log = openLog();
  const code = await runCli(process.argv.slice(2), systemWorld(log));
  await log.flush(LAST_WORDS_MS);
  process.exit(code);
}

function openLog(): LogSink {
  return new LogSink({ send: (bytes) => currentRuntime().writeError(bytes) });
}

/** How this program was started, as somebody would type it. */
function programName(runtime: "deno" | "bun", cwd: string): string {
  // JSR's registry for npm has JavaScript.
  const url = new URL(import.meta.url.endsWith(".js") ? "../mod.js" : "../mod.ts", import.meta.url);
  const run = runtime === "deno" ? "deno run -A" : "bun run";
  if (url.protocol === "file:") {
    const path = fileURLToPath(url);
    const fromHere = relative(cwd, path);
    return `${run} ${fromHere.length < path.length ? fromHere : path}`;
  }
  return url.hostname === "jsr.io" ? `${run} jsr:${manifest.name}` : `${run} ${url.href}`;
}

/** This process as a world. */
function systemWorld(log: LogSink): ProgramWorld {
  const { name: runtime } = currentRuntime();
  const { env, platform, execPath, stdout, stderr } = process;
  const cwd = process.cwd();
  // A reader that went away (`| head`) is no reason to stop serving.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  return {
    program: programName(runtime, cwd),
    version: manifest.version,
    runtime,
    execPath,
    pid: process.pid,
    platform,
    cwd,
    env,
    style: createStyle(wantsColor({ isTerminal: stderr.isTTY, env })),
    out: (text) => void stdout.write(text),
    err: (text) => log.write(text),
    now: () => performance.now(),
    time: timeOfDay,
    onSignal,
    inputEnd,
    exit: (code) => process.exit(code),
    keepOutputClean() {
      for (const name of ["log", "info", "debug"] as const) console[name] = console.error;
    },
    sayMode(mode) {
      env["NODE_ENV"] ||= mode;
    },
  };
}

function timeOfDay(): string {
  const now = new Date();
  return renderTime({
    hours: now.getHours(),
    minutes: now.getMinutes(),
    seconds: now.getSeconds(),
  });
}

function onSignal(listener: (signal: EndSignal) => void): () => void {
  const leave = SIGNALS.map((signal) => {
    const heard = (): void => listener(signal);
    process.on(signal, heard);
    return () => void process.off(signal, heard);
  });
  return () => leave.forEach((end) => end());
}

function inputEnd(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.stdin.once("end", resolve);
  process.stdin.once("close", resolve);
  process.stdin.once("error", () => resolve());
  process.stdin.resume();
  return promise;
}
