/**
 * Reads the JUnit reports of `deno test` and `bun test`.
 *
 * @module
 */

/** A test that failed. */
export interface FailedTest {
  readonly file: string;
  readonly name: string;
  readonly message: string;
}

/** What one runner did. */
export interface Totals {
  readonly passed: number;
  readonly skipped: number;
  readonly failed: readonly FailedTest[];
}

/** What a runner did that did nothing. */
export const NO_TOTALS: Totals = { passed: 0, skipped: 0, failed: [] };

const TESTCASE_REGEXP = /<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const ATTRIBUTE_REGEXP = /([\w-]+)="([^"]*)"/g;
const FAILURE_REGEXP = /<(?:failure|error)\b([^>]*?)(?:\/>|>)/;
const SKIPPED_REGEXP = /<skipped\b/;

/**
 * Counts the test cases in the report of one test file.
 *
 * @param file The test file. Deno's report names the file that calls `Deno.test`, for us the one with the shim.
 */
export function parseJunit(text: string, file: string): Totals {
  let passed = 0;
  let skipped = 0;
  const failed: FailedTest[] = [];
  for (const [, head = "", body = ""] of text.matchAll(TESTCASE_REGEXP)) {
    const failure = FAILURE_REGEXP.exec(body);
    if (failure !== null) {
      const message = parseAttributes(failure[1] ?? "").get("message") ?? "";
      failed.push({ file, name: parseAttributes(head).get("name") ?? "", message });
    } else if (SKIPPED_REGEXP.test(body)) skipped++;
    else passed++;
  }
  return { passed, skipped, failed };
}

function parseAttributes(text: string): Map<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE_REGEXP)];
  return new Map(pairs.map(([, name = "", value = ""]) => [name, decodeEntities(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole: string, decimal?: string, hex?: string, name?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return ENTITIES[name ?? ""] ?? whole;
    },
  );
}
