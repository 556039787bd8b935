/**
 * Installs `node_modules` where it is missing or belongs to other manifests. Every task starts here, so this file
 * imports nothing that would have to be installed first.
 *
 * npm does it if there is one, by the committed lock file; else Deno itself.
 *
 * @module
 */

const MANIFESTS: readonly string[] = ["package.json", "package-lock.json"];
const STAMP = "node_modules/.installed-from";

if (import.meta.main) {
  // A task's working directory is the repository, wherever it was called from.
  await install();
}

/** Brings `node_modules` up to date; quick if it is. */
export async function install(): Promise<void> {
  const wanted = await digest(MANIFESTS);
  const found = await readOrUndefined(STAMP);
  if (found === wanted) return;

  console.error("Installing the npm packages");
  await run(await installCommand());
  await Deno.writeTextFile(STAMP, wanted);
}

async function installCommand(): Promise<readonly string[]> {
  const npm = Deno.build.os === "windows" ? ["cmd", "/c", "npm"] : ["npm"];
  if (!(await runs([...npm, "--version"]))) return [Deno.execPath(), "install", "--no-lock"];
  // Not `npm ci`: it removes what something may be running from, and refuses a lock file without the packages of every
  // platform, of which a registry's mirror may lack some.
  return [...npm, "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
}

async function run([command = "", ...args]: readonly string[]): Promise<void> {
  // npm's summary is no result of the task: it goes to standard error, as all notices do.
  const child = new Deno.Command(command, { args, stdin: "null", stdout: "piped" }).spawn();
  await child.stdout.pipeTo(Deno.stderr.writable, { preventClose: true });
  const { success, code } = await child.status;
  if (success) return;
  console.error(
    `Cannot install the npm packages: "${[command, ...args].join(" ")}" ended with ${code}`,
  );
  Deno.exit(1);
}

/** Whether a command is there and ends well. */
export async function runs([command = "", ...args]: readonly string[]): Promise<boolean> {
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(command, options).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function digest(paths: readonly string[]): Promise<string> {
  const texts = await Promise.all(paths.map((path) => readOrUndefined(path)));
  const bytes = new TextEncoder().encode(texts.join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function readOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
