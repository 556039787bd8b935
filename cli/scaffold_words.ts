/**
 * What is typed, and told, in a new project.
 *
 * @module
 */
import type { Answers, Backend, Template } from "./template.ts";

/** A command that a new project needs once. */
export interface InstallStep {
  /** What it does, for who waits. */
  readonly title: string;
  readonly argv: readonly string[];
}

/** The package manager that goes with what runs Vite. */
export const PACKAGE_MANAGERS = { node: "npm", bun: "bun", deno: "deno" } as const;

/** How the program is run: a path with a space stands in quotes. */
export function programWords({ runtime, sidecar }: Answers): string {
  const program = /[^\w@%+=:,./-]/.test(sidecar.program)
    ? JSON.stringify(sidecar.program)
    : sidecar.program;
  return runtime === "deno" ? `deno run -A ${program}` : `bun run ${program}`;
}

/** How a script is run, as somebody would type it. */
export function runScript(name: string, { runtime }: Answers): string {
  return runtime === "deno" ? `deno task ${name}` : `bun run ${name}`;
}

/** What makes a project ready to run. */
export function installSteps({ executor, backend }: Answers): readonly InstallStep[] {
  const manager = PACKAGE_MANAGERS[executor];
  return [
    { title: `Installing packages with ${manager}`, argv: [manager, "install"] },
    ...(backend === "litestar"
      ? [
        { title: "Making a Python environment", argv: ["python3", "-m", "venv", ".venv"] },
        {
          title: "Installing Python packages",
          argv: [".venv/bin/python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt"],
        },
      ]
      : []),
  ];
}

/** A step as it is typed. */
export function renderStep({ argv }: InstallStep): string {
  return argv.join(" ");
}

const BACKEND_NAMES: Readonly<Record<Backend, string>> = {
  deno: "a server on Deno",
  bun: "a server on Bun",
  hono: "a Hono server",
  litestar: "a Litestar backend",
};

/** One sentence about the project. */
export function aboutOf({ title }: Template, { backend }: Answers): string {
  return `${title}, with ${BACKEND_NAMES[backend]}, on one port.`;
}
