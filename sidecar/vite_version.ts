/**
 * Versions: which runtime a Vite accepts, and which Vite is good for what.
 *
 * @module
 */

/** The oldest Vite of each line without a known hole; see SECURITY.md. */
const SAFE_VERSIONS = [[8, 3, 8], [7, 3, 8], [6, 4, 6]] as const;
/** The oldest that may be reachable from other machines: GHSA-fx2h-pf6j-xcff and older. */
const REMOTE_VERSIONS = [[8, 0, 16], [7, 3, 5], [6, 4, 3]] as const;

/** Compares two versions by their three numbers; a prerelease counts as its release. */
export function isVersionAtLeast(version: string, least: readonly number[]): boolean {
  const own = version.split(/[.+-]/, 3).map(Number);
  for (const [index, part] of least.entries()) {
    const difference = (own[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** What a version of Vite is good for. */
export interface VersionAdvice {
  /** 6 to the newest we know of, or newer. */
  readonly isSupported: boolean;
  /** Whether a port that other machines reach may stand before it. */
  readonly isSafeRemote: boolean;
  /** The version to update to, if this one has known holes. */
  readonly updateTo: string | undefined;
}

/** Judges a version of Vite by the advisories known when this was written. */
export function adviseOnVersion(version: string): VersionAdvice {
  const major = Number.parseInt(version, 10);
  const ofLine = (list: readonly (readonly number[])[]): readonly number[] | undefined =>
    list.find((least) => least[0] === major);
  const safe = ofLine(SAFE_VERSIONS);
  const remote = ofLine(REMOTE_VERSIONS);
  return {
    isSupported: major >= 6,
    isSafeRemote: remote === undefined ? major > 8 : isVersionAtLeast(version, remote),
    updateTo: safe === undefined || isVersionAtLeast(version, safe) ? undefined : safe.join("."),
  };
}

/**
 * Whether a version is in a range as packages write it into `engines`, for example `^20.19.0 || >=22.12.0`.
 *
 * Other operators are taken as "yes": a range that we can't read must not keep anybody from starting.
 */
export function acceptsVersion(range: string, version: string): boolean {
  return range.split("||").some((alternative) => {
    const match = /^\s*(\^|>=)\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?\s*$/.exec(alternative);
    if (match === null) return true;
    const [, operator, major, minor = "0", patch = "0"] = match;
    if (operator === "^" && Number.parseInt(version, 10) !== Number(major)) return false;
    return isVersionAtLeast(version, [Number(major), Number(minor), Number(patch)]);
  });
}
