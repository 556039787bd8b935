/**
 * How a prop is joined with what the client has.
 *
 * @module
 */

/** Paths below a prop, each with the field by which items are recognised, if there is one. */
export type MergePaths = string | readonly string[] | Readonly<Record<string, string>>;

/** Options of a prop that merges. */
export interface MergeOptions {
  /** Whether objects are joined key by key, at every depth. @default false */
  readonly deep?: boolean | undefined;
  /** `true` for the prop itself, or paths below it: items are added behind. @default true */
  readonly append?: boolean | MergePaths | undefined;
  /** `true` for the prop itself, or paths below it: items are added in front. @default false */
  readonly prepend?: boolean | MergePaths | undefined;
  /** Fields by which an item replaces its older self: `id`, or below a path `data.id`. */
  readonly matchOn?: string | readonly string[] | undefined;
}

/** The same, resolved. */
export interface MergeRule {
  /** Joined key by key. */
  readonly isDeep: boolean;
  /** Whether items go in front, where no path says otherwise. */
  readonly prependsAtRoot: boolean;
  /** Paths where items go behind. */
  readonly appendPaths: readonly string[];
  /** Paths where items go in front. */
  readonly prependPaths: readonly string[];
  /** Fields that identify an item. */
  readonly matchOn: readonly string[];
}

/** Resolves options. */
export function mergeRule(options: MergeOptions = {}): MergeRule {
  const append = parsePaths(options.append);
  const prepend = parsePaths(options.prepend);
  return {
    isDeep: options.deep ?? false,
    prependsAtRoot: options.prepend === true || options.append === false,
    appendPaths: append.paths,
    prependPaths: prepend.paths,
    matchOn: [...listOf(options.matchOn), ...append.matchOn, ...prepend.matchOn],
  };
}

/** The rule of a scroll: behind or in front, as the client asked, at one more path. */
export function withMergePath(rule: MergeRule, path: string, isPrepend: boolean): MergeRule {
  if (path === "") return { ...rule, prependsAtRoot: isPrepend };
  return isPrepend
    ? { ...rule, prependPaths: [...rule.prependPaths, path] }
    : { ...rule, appendPaths: [...rule.appendPaths, path] };
}

interface ParsedPaths {
  readonly paths: readonly string[];
  readonly matchOn: readonly string[];
}

function parsePaths(paths: boolean | MergePaths | undefined): ParsedPaths {
  if (paths === undefined || typeof paths === "boolean") return { paths: [], matchOn: [] };
  if (typeof paths === "string" || isList(paths)) return { paths: listOf(paths), matchOn: [] };
  const matchOn = Object.entries(paths).map(([path, field]) => `${path}.${field}`);
  return { paths: Object.keys(paths), matchOn };
}

// Array.isArray does not narrow readonly arrays.
function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
