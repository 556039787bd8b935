/**
 * A real Chromium for the end-to-end tests: `$CHROME_PATH`, an installed one, or the one that npm brings.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium, type ConsoleMessage, type Page } from "playwright-core";
import { runtimeName, test } from "./test.ts";

interface ChromiumInstall {
  readonly executable: string;
  /** Where its fonts are, if it brings some. */
  readonly fonts?: string;
}

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const isThere = (path: string): Promise<boolean> => access(path).then(() => true, () => false);

/** The package's own configuration looks in fixed folders; this one adds its font to the machine's. */
const renderFontConfig = (folder: string): string =>
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/cache</cachedir>
</fontconfig>
`;

/** Unpacks beside the final place and renames: two test runs at once never see half a browser. */
async function unpack(target: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "lv-sidecar-unpack-"));
  const script = fileURLToPath(import.meta.resolve("./extract_chromium.ts"));
  const args = runtimeName === "deno" ? ["run", "-A", script] : ["run", script];
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, TMPDIR: scratch } });
  await writeFile(join(scratch, "fonts", "fonts.conf"), renderFontConfig(join(target, "fonts")));
  await rename(scratch, target).catch(() => rm(scratch, { recursive: true, force: true }));
}

async function chromiumFromNpm(): Promise<ChromiumInstall | undefined> {
  const manifest = fileURLToPath(
    import.meta.resolve("../../node_modules/@sparticuz/chromium/package.json"),
  );
  if (process.platform !== "linux" || !await isThere(manifest)) return undefined;
  // The package's own manifest: it has a version.
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const folder = join(tmpdir(), `lv-sidecar-chromium-${version}-${process.getuid?.() ?? 0}`);
  const executable = join(folder, "chromium");
  if (!await isThere(executable)) await unpack(folder);
  return { executable, fonts: join(folder, "fonts") };
}

async function findChromium(): Promise<ChromiumInstall | undefined> {
  const named = process.env["CHROME_PATH"];
  for (const executable of named === undefined ? INSTALLED : [named]) {
    if (await isThere(executable)) return { executable };
  }
  return await chromiumFromNpm().catch((error: unknown) => {
    console.error(`Cannot unpack the Chromium of npm: ${error}`);
    return undefined;
  });
}

const install = await findChromium();

async function openBrowser({ executable, fonts }: ChromiumInstall): Promise<Browser> {
  const env = fonts === undefined ? process.env : { ...process.env, FONTCONFIG_PATH: fonts };
  // Playwright wants string values alone, and the environment holds nothing else.
  return await chromium.launch({
    executablePath: executable,
    args: ARGUMENTS,
    env: env as Record<string, string>,
  });
}

/** Registers a test that gets an empty browser of its own; without a Chromium it is skipped, loudly. */
export function browserTest(name: string, fn: (browser: Browser) => Promise<void>): void {
  if (install === undefined) {
    return test.skip(name, "no Chromium here: set CHROME_PATH, or install @sparticuz/chromium");
  }
  test(name, async () => {
    const browser = await openBrowser(install);
    try {
      await fn(browser);
    } finally {
      await browser.close();
    }
  });
}

const renderMessage = (message: ConsoleMessage): string => `${message.type()}: ${message.text()}`;

/** Collects what a page writes to its console and what it throws; the result renders it. */
export function recordConsole(page: Page): () => string {
  const lines: string[] = [];
  page.on("console", (message) => void lines.push(renderMessage(message)));
  page.on("pageerror", (error) => void lines.push(`thrown: ${error.message}`));
  return () => lines.slice(-40).join("\n");
}
