/**
 * Opens a browser.
 *
 * @module
 */
import { spawn } from "node:child_process";

/** Returns the words that open a URL with what the user has chosen for that. */
export function browserCommand(platform: string, url: string): readonly string[] {
  if (platform === "darwin") return ["open", url];
  // Not `cmd /c start`: a shell would read the `&` of a URL.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  return ["xdg-open", url];
}

/**
 * Opens a URL in the user's browser.
 *
 * @returns Whether there is something that opens URLs; whether a window appears is not known.
 */
export function openBrowser(platform: string, url: string): Promise<boolean> {
  return startDetached(browserCommand(platform, url));
}

/**
 * Starts a program that may outlive us.
 *
 * @returns Whether it could be started.
 */
export function startDetached([file = "", ...args]: readonly string[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(file, args, { stdio: "ignore", detached: true, windowsHide: true });
  child.once("error", () => resolve(false));
  child.once("spawn", () => {
    // Not before: on Deno, what could not be started has nothing to let go of.
    child.unref();
    resolve(true);
  });
  return promise;
}
