/**
 * Ranges of versions as packages write them.
 *
 * @module
 */
import { isVersionAtLeast } from "../sidecar/vite_version.ts";

type Numbers = readonly [number, number, number];

/** Case: "v22.12" -> [22, 12, 0]; "8.x" -> [8, 0, 0]; "next" -> undefined */
function numbersOf(text: string): Numbers | undefined {
  const match = /^v?(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?/.exec(text);
  if (match === null) return undefined;
  const number = (part = "0"): number => /^\d+$/.test(part) ? Number(part) : 0;
  return [number(match[1]), number(match[2]), number(match[3])];
}

/** How many of the three numbers are given. */
function precisionOf(text: string): number {
  return text.replace(/[-+].*$/, "").split(".").filter((part) => /^v?\d+$/.test(part)).length;
}

/** The first version that is not in a range any more. */
function nextAfter([major, minor]: Numbers, precision: number): Numbers {
  return precision <= 1 ? [major + 1, 0, 0] : [major, minor + 1, 0];
}

function nextOfCaret([major, minor, patch]: Numbers, precision: number): Numbers {
  if (major > 0 || precision === 1) return [major + 1, 0, 0];
  return minor > 0 || precision === 2 ? [0, minor + 1, 0] : [0, 0, patch + 1];
}

/** Whether a version meets one comparison; what can't be read counts as met. */
function meets(comparison: string, version: string): boolean {
  const [, operator = "", text = ""] = /^(\^|~|>=|<=|>|<|=)?\s*(.*)$/.exec(comparison) ?? [];
  const least = numbersOf(text);
  if (least === undefined) return true;
  const precision = precisionOf(text);
  const atLeast = isVersionAtLeast(version, least);
  const before = (end: Numbers): boolean => !isVersionAtLeast(version, end);
  switch (operator) {
    case "^":
      return atLeast && before(nextOfCaret(least, precision));
    case "~":
      return atLeast && before(nextAfter(least, precision));
    case ">=":
      return atLeast;
    case ">":
      return precision === 3
        ? atLeast && isVersionAtLeast(version, [least[0], least[1], least[2] + 1])
        : isVersionAtLeast(version, nextAfter(least, precision));
    case "<":
      return !atLeast;
    case "<=":
      return precision === 3
        ? !isVersionAtLeast(version, [least[0], least[1], least[2] + 1])
        : before(nextAfter(least, precision));
    default:
      return precision === 3
        ? atLeast && !isVersionAtLeast(version, [least[0], least[1], least[2] + 1])
        : atLeast && before(nextAfter(least, precision));
  }
}

/**
 * Whether a version is in a range of npm.
 *
 * What can't be read, such as `workspace:*` or a URL, counts as "yes": nobody is to be warned of what we do not
 * understand. A prerelease counts as its release.
 */
export function isInRange(range: string, version: string): boolean {
  return range.split("||").some((alternative) => {
    const text = alternative.trim();
    const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
    const comparisons = hyphen === null
      ? text.replace(/(\^|~|>=|<=|>|<|=)\s+/g, "$1").split(/\s+/)
      : [`>=${hyphen[1]}`, `<=${hyphen[2]}`];
    return comparisons.every((comparison) => meets(comparison, version));
  });
}
