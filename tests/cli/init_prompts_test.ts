/** `init` at a terminal: Python opens one, types, and reads what is shown. */
import { deepEqual, equal, match } from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { type Folder, inFolder } from "../_support/folder.ts";
import { repositoryRoot } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";

/** Types the next keys whenever the text before them is on the screen. */
const TERMINAL = `
import fcntl, json, os, pty, re, struct, sys, termios
folder, steps, command = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.pop("CI", None)
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
shown, seen = "", 0
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data.decode(errors="replace")
    while steps and steps[0][0] in shown[seen:]:
        seen = len(shown)
        os.write(fd, steps.pop(0)[1].encode())
print(json.dumps({"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "shown": shown}))
`;

interface Sitting {
  readonly code: number;
  readonly shown: string;
}

async function sit(
  folder: Folder,
  args: readonly string[],
  steps: readonly (readonly [shown: string, typed: string])[],
): Promise<Sitting> {
  const run = runtimeName === "deno" ? ["run", "-A"] : ["run"];
  const command = [process.execPath, ...run, join(repositoryRoot, "mod.ts"), "init", ...args];
  const words = ["-c", TERMINAL, folder.path, JSON.stringify(steps), ...command];
  const { stdout } = await promisify(execFile)("python3", words, { timeout: 60_000 });
  // What the script above prints.
  return JSON.parse(stdout) as Sitting;
}

const DOWN = "\x1b[B";
const ENTER = "\r";
/** What runs us is proposed. */
const TO_HONO = runtimeName === "deno" ? DOWN + DOWN : DOWN;
const REST = ["--no-install", "--no-git"];
const NAME = "a terminal of Python's: it has none here";

function terminalTest(name: string, fn: () => Promise<void>): void {
  const { status } = spawnSync("python3", ["-c", "import pty"], { stdio: "ignore" });
  if (status === 0) test(name, fn);
  else test.skip(name, NAME);
}

terminalTest(
  "init asks for name, front end, backend and extras, and makes what was chosen",
  async () => {
    await inFolder({}, async (folder) => {
      const { code, shown } = await sit(folder, REST, [
        ["What is its name?", `my-shop${ENTER}`],
        ["Which front end?", `${DOWN}${ENTER}`],
        ["Which backend?", `${TO_HONO}${ENTER}`],
        ["Anything more?", ` ${ENTER}`],
      ]);
      equal(code, 0, shown);
      match(shown, /Made.*my-shop.*: Vue, with a Hono server, on one port/);
      const manifest = await folder.read("my-shop/package.json");
      for (const name of ["vue", "hono", "tailwindcss"]) match(manifest, new RegExp(`"${name}":`));
    });
  },
);

terminalTest("a name that is none is refused where it is typed", async () => {
  await inFolder({}, async (folder) => {
    const { code } = await sit(folder, ["--template", "vanilla", ...REST], [
      ["What is its name?", `CON${ENTER}`],
      ["device on Windows", `\x7f\x7f\x7fshop${ENTER}`],
    ]);
    equal(code, 0);
    deepEqual(await readdir(folder.path), ["shop"]);
  });
});

terminalTest("Ctrl-C at a question writes nothing and ends with 130", async () => {
  await inFolder({}, async (folder) => {
    const { code } = await sit(folder, REST, [
      ["What is its name?", `shop${ENTER}`],
      ["Which front end?", "\x03"],
    ]);
    equal(code, 130);
    deepEqual(await readdir(folder.path), []);
  });
});

terminalTest("init with name and template asks nothing at a terminal", async () => {
  await inFolder({}, async (folder) => {
    const { code, shown } = await sit(folder, ["shop", "--template", "htmx", ...REST], []);
    equal(code, 0, shown);
    deepEqual(await readdir(folder.path), ["shop"]);
  });
});

terminalTest("--no-interactive asks nothing at a terminal", async () => {
  await inFolder({}, async (folder) => {
    const { code } = await sit(folder, ["--no-interactive", ...REST], []);
    equal(code, 0);
    deepEqual(await readdir(folder.path), ["my-app"]);
  });
});
