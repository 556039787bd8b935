/**
 * The questions of `init`, for who sits at a terminal.
 *
 * @module
 */
import type { InitRequest } from "./init_request.ts";
import { projectNameProblem } from "./project_name.ts";
import { type Backend, BACKENDS } from "./template.ts";
import { TEMPLATES } from "./templates.ts";

/** What is proposed where nothing was said. */
export interface Proposals {
  readonly name: string;
  readonly template: string;
  readonly backend: Backend;
}

const EXTRAS = ["tailwind", "zod", "sdk", "ssr"] as const;

/**
 * Asks for what the command line left open.
 *
 * @returns `undefined` if whoever was asked went away.
 */
export async function askForRequest(
  request: InitRequest,
  proposals: Proposals,
): Promise<InitRequest | undefined> {
  // Loaded here: who says all on the command line waits for no prompts.
  const prompts = await import("@clack/prompts");
  prompts.intro("A new project");
  const name = request.name ?? await prompts.text({
    message: "What is its name?",
    placeholder: proposals.name,
    defaultValue: proposals.name,
    validate: (value) => value === undefined || value === "" ? undefined : nameProblem(value),
  });
  if (prompts.isCancel(name)) return undefined;
  // Who named a template said what matters; the rest has defaults.
  if (request.template !== undefined) return { ...request, name };
  const template = await prompts.select({
    message: "Which front end?",
    initialValue: proposals.template,
    options: TEMPLATES.map(({ name: value, title }) => ({ value, label: value, hint: title })),
  });
  if (prompts.isCancel(template)) return undefined;
  const backend = request.backend ?? await prompts.select({
    message: "Which backend?",
    initialValue: proposals.backend,
    options: BACKENDS.map((value) => ({ value, label: value })),
  });
  if (prompts.isCancel(backend)) return undefined;
  const open = EXTRAS.filter((extra) => request[extra] === undefined && fits(extra, template));
  const extras = open.length === 0 ? [] : await prompts.multiselect({
    message: "Anything more?",
    required: false,
    options: open.map((value) => ({ value, label: LABELS[value] })),
  });
  if (prompts.isCancel(extras)) return undefined;
  const chosen = Object.fromEntries(extras.map((extra) => [extra, true]));
  return { ...request, name, template, backend, ...chosen };
}

const LABELS: Readonly<Record<typeof EXTRAS[number], string>> = {
  tailwind: "Tailwind",
  zod: "Answers of the API checked by zod",
  sdk: "A client of the API, generated",
  ssr: "Pages rendered on the server",
};

/** Whether an extra is something for a template: what would be refused is not offered. */
function fits(extra: typeof EXTRAS[number], name: string): boolean {
  const kind = TEMPLATES.find((template) => template.name === name)?.kind;
  if (extra === "ssr") return kind === "inertia" || kind === "framework";
  return extra === "tailwind" || kind === "spa" || kind === "framework";
}

function nameProblem(value: string): string | undefined {
  return value === "." ? undefined : projectNameProblem(value);
}
