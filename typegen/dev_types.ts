/**
 * Types while the sources are served: begun once, told in sentences, ended with the server.
 *
 * @module
 */
import type { TypesDiagnostic } from "./diagnostic.ts";
import type { TypesOutcome, TypesTools } from "./generate_types.ts";
import { keepTypes, type TypesKeeper } from "./keep_types.ts";
import { sourceName } from "./options.ts";
import { type PrepareFacts, prepareTypes } from "./prepare.ts";

/** What there is to tell. */
export interface TypesNews {
  readonly condition: "updated" | "failed" | "warning";
  /** One or more lines. */
  readonly message: string;
  /** Paths from the output folder that were written or removed. */
  readonly files: readonly string[];
  /** The output folder, relative to the root. */
  readonly output: string;
}

/** What {@linkcode openDevTypes} works with. */
export interface DevTypesOptions {
  /** Asked at the start: a backend that we start has its address then. */
  readonly facts: () => PrepareFacts;
  readonly tools: TypesTools;
  readonly tell: (news: TypesNews) => void;
  /** Gets each line of the command of the options. */
  readonly log: (line: string) => void;
}

/** Types that are begun when the server begins. */
export interface DevTypes {
  start(): void;
  /** Resolves when the first run is over, whatever it came to. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Opens them; nothing is read before `start()`. */
export function openDevTypes(options: DevTypesOptions): DevTypes {
  let keeping: Promise<TypesKeeper | undefined> | undefined;
  let isClosed = false;
  const fail = (error: unknown): undefined => {
    const message = error instanceof Error ? error.message : String(error);
    options.tell({ condition: "failed", message, files: [], output: "" });
  };
  const begin = async (): Promise<TypesKeeper | undefined> => {
    const plan = await prepareTypes(options.facts());
    if (isClosed) return undefined;
    const output = sourceName(plan.output, plan.root);
    const tellTwice = createTeller(output, options.tell);
    return keepTypes({ plan, tools: options.tools, onOutcome: tellTwice, log: options.log });
  };
  return {
    start: () => void (keeping ??= begin().catch(fail)),
    async ready() {
      await (await keeping)?.first;
    },
    async close() {
      isClosed = true;
      await (await keeping)?.close();
    },
  };
}

/** Tells each thing once, until it is another: a source that is edited is wrong in the same way for a while. */
function createTeller(
  output: string,
  tell: (news: TypesNews) => void,
): (outcome: TypesOutcome) => void {
  let told: ReadonlySet<string> = new Set();
  return ({ kind, diagnostics, written, removed }) => {
    const files = [...written, ...removed];
    const messages = diagnostics.filter(({ level }) => level !== "info").map((each) =>
      [each.level, messageOf(each)] as const
    );
    for (const [level, message] of messages) {
      if (told.has(message)) continue;
      tell({ condition: level === "error" ? "failed" : "warning", message, files: [], output });
    }
    told = new Set(messages.map(([, message]) => message));
    if (kind === "written") {
      const count = files.length === 1 ? "1 file" : `${files.length} files`;
      tell({ condition: "updated", message: `Generated ${count} in ${output}`, files, output });
    }
  };
}

function messageOf({ message, where, hint, level }: TypesDiagnostic): string {
  const place = message.includes(where) || level === "error" ? "" : ` (${where})`;
  return `${message}${place}${hint === undefined ? "" : `\n  ${hint}`}`;
}
