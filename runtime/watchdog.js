// Runs beside us, starts the backend's command, and ends it with all its descendants when we are gone.
//
// A parent that gets SIGKILL can't clean up. Its pipes close, though: when our standard input ends, the backend's process
// group is ended. We get one line of JSON to start with, and answer with lines of JSON on standard output; both outputs of
// the backend go to our standard error. Plain JavaScript on Node's modules: it is handed to a runtime as text.
import { spawn } from "node:child_process";
import process from "node:process";

const ORPHAN_GRACE_MS = 1000; // nobody waits for an answer then
const LEFTOVER_GRACE_MS = 500; // for what the command leaves behind when it ends by itself
const POLL_MS = 25;
const isWindows = process.platform === "win32";

let child;
let isEnding = false;

function say(message) {
  process.stdout.write(JSON.stringify(message) + "\n");
}

/** The negative number means the whole group: what the command started, too. */
function signalGroup(signal) {
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false; // ESRCH: nobody is left
  }
}

function endTree() {
  isEnding = true;
  const args = ["/PID", String(child.pid), "/T", "/F"];
  spawn("taskkill", args, { stdio: "ignore", windowsHide: true }).on("error", () => child.kill());
}

/** Ends the command; asked again, for instance because the parent died meanwhile, it waits no longer than then allowed. */
function end(graceMs) {
  if (child?.pid === undefined) process.exit(0);
  if (isWindows) return isEnding || endTree();
  if (!isEnding) signalGroup("SIGTERM");
  isEnding = true;
  setTimeout(() => signalGroup("SIGKILL"), graceMs);
}

/** The command ended: nothing that it started may stay, or it would hold the port that the next start wants. */
function finish(message, deadline = Date.now() + LEFTOVER_GRACE_MS) {
  if (!isWindows && signalGroup(0) && Date.now() < deadline) {
    setTimeout(finish, POLL_MS, message, deadline);
    return;
  }
  if (!isWindows) signalGroup("SIGKILL");
  say(message);
  process.stdin.destroy();
  // Written whole before we go: a pipe is written to asynchronously.
  process.stdout.end(() => process.exit(0));
}

function start({ argv: [file, ...args], cwd }) {
  child = spawn(file, args, {
    cwd,
    detached: !isWindows, // a group of its own
    windowsHide: true,
    stdio: ["ignore", 2, 2],
  });
  child.on("error", ({ code, message }) => {
    if (child.pid !== undefined) return;
    say({ kind: "failed", code: code ?? "", message });
    process.stdout.end(() => process.exit(0));
  });
  child.on("exit", (code, signal) => {
    if (!isWindows) signalGroup("SIGTERM");
    finish({ kind: "exited", code, signal });
  });
  if (child.pid !== undefined) say({ kind: "started", pid: child.pid });
}

function obey(line) {
  if (line.trim() === "") return;
  const message = JSON.parse(line);
  if (message.kind === "start") start(message);
  else if (message.kind === "stop") end(message.graceMs);
}

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  lines.forEach(obey);
});
process.stdin.on("end", () => end(ORPHAN_GRACE_MS));
process.stdin.on("error", () => end(ORPHAN_GRACE_MS));
process.stdout.on("error", () => {}); // the reader is gone; standard input tells
process.on("SIGTERM", () => end(ORPHAN_GRACE_MS));
// The terminal's Ctrl-C is the parent's business: it says what is to be done.
process.on("SIGINT", () => {});
if (!isWindows) process.on("SIGHUP", () => {});
