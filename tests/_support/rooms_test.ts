import { deepEqual, throws } from "node:assert/strict";
import { parseRooms } from "./rooms.ts";
import { test } from "./test.ts";

const LIST = `# Architecture

\`\`\`text
browser ──► listener
\`\`\`

## Rooms

Some words.

\`\`\`text
mod.ts          the public face
sidecar/        the request path
  config.ts   P   every default,
                  and every check
  proxy.ts    IO  forwards
vite/
  plugin.ts   not yet there: for the user's vite.config
LICENSE
\`\`\`
`;

test("parseRooms() reads paths, marks and what is not yet there", () => {
  deepEqual([...parseRooms(LIST)], [
    ["mod.ts", { mark: undefined, isPlanned: false }],
    ["sidecar/", { mark: undefined, isPlanned: false }],
    ["sidecar/config.ts", { mark: "P", isPlanned: false }],
    ["sidecar/proxy.ts", { mark: "IO", isPlanned: false }],
    ["vite/", { mark: undefined, isPlanned: false }],
    ["vite/plugin.ts", { mark: undefined, isPlanned: true }],
    ["LICENSE", { mark: undefined, isPlanned: false }],
  ]);
});

test("parseRooms() refuses a document without the list", () => {
  throws(() => parseRooms("# Architecture\n"), /Cannot read "ARCHITECTURE.md"/);
});
