import { deepEqual } from "node:assert/strict";
import { readChildPorts } from "../../cli/child_ports.ts";
import { test } from "../_support/test.ts";

test("readChildPorts() takes a free port and the page's own by default", () => {
  deepEqual(readChildPorts({}), { internal: 0, client: undefined });
  deepEqual(readChildPorts({ VITE_INTERNAL_PORT: "", VITE_CLIENT_PORT: " " }), {
    internal: 0,
    client: undefined,
  });
});

test("readChildPorts() takes the ports that it is given", () => {
  deepEqual(readChildPorts({ VITE_INTERNAL_PORT: "49152", VITE_CLIENT_PORT: "8000" }), {
    internal: 49152,
    client: 8000,
  });
  deepEqual(readChildPorts({ VITE_INTERNAL_PORT: "0", VITE_CLIENT_PORT: "65535" }), {
    internal: 0,
    client: 65535,
  });
});

test("readChildPorts() names every variable that is wrong", () => {
  deepEqual(readChildPorts({ VITE_INTERNAL_PORT: "65536", VITE_CLIENT_PORT: "0" }), {
    problems: [
      'Cannot use "65536" as the variable "VITE_INTERNAL_PORT": it must be a whole number from 0 to 65535',
      'Cannot use "0" as the variable "VITE_CLIENT_PORT": it must be a whole number from 1 to 65535',
    ],
  });
});
