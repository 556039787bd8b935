/**
 * The name of a new project: of its folder, and in its `package.json`.
 *
 * @module
 */

/** Names that Windows keeps for devices, whatever stands behind a dot. */
const DEVICE_REGEXP = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
const MAX_LENGTH = 214;
const RESERVED: readonly string[] = ["node_modules", "favicon.ico"];

const show = (text: string): string => JSON.stringify(text);

/**
 * Says what is wrong with a name.
 *
 * It has to be a folder's name on every system, and a name that npm takes.
 *
 * @returns `undefined` if nothing is.
 */
export function projectNameProblem(name: string): string | undefined {
  const state = stateOf(name);
  return state === undefined
    ? undefined
    : `Cannot use ${show(name)} as the name of a project: ${state}`;
}

function stateOf(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (/[\\/]/.test(name)) {
    return "it is a path, give the name of a new folder in this one, or . for this one itself";
  }
  if (name.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (DEVICE_REGEXP.test(name)) return "it is the name of a device on Windows";
  if (RESERVED.includes(name.toLowerCase())) return "the name is taken by tools";
  if (/^[a-z0-9][a-z0-9._-]*[a-z0-9]$|^[a-z0-9]$/.test(name)) return undefined;
  const proposal = proposeName(name);
  return `npm takes small letters, digits and - . _ between them${
    proposal === undefined ? "" : `, for example ${show(proposal)}`
  }`;
}

/** Makes a name of any text, such as that of a folder: `undefined` where nothing of it can stay. */
export function proposeName(text: string): string | undefined {
  const name = text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "").slice(0, MAX_LENGTH);
  return name === "" || stateOfPlain(name) !== undefined ? undefined : name;
}

function stateOfPlain(name: string): string | undefined {
  return DEVICE_REGEXP.test(name) || RESERVED.includes(name) ? "reserved" : undefined;
}
