import { equal } from "node:assert/strict";
import { ListenError } from "../../sidecar/listen_error.ts";
import { test } from "../_support/test.ts";

function messageFor(cause: unknown): string {
  return new ListenError("127.0.0.1", 8000, cause).message;
}

test("ListenError says what is wrong with the port", () => {
  const withCode = (code: string): Error => Object.assign(new Error("raw text"), { code });
  const start = "Cannot listen on 127.0.0.1 port 8000: ";
  equal(messageFor(withCode("EADDRINUSE")), `${start}the port is in use by another program`);
  equal(messageFor(withCode("EACCES")), `${start}this user may not use the port`);
  equal(messageFor(withCode("EADDRNOTAVAIL")), `${start}the address is not one of this machine`);
  equal(messageFor(withCode("EODD")), `${start}raw text`);
  equal(messageFor("text"), `${start}text`);
});

test("ListenError keeps the code and the cause", () => {
  const cause = Object.assign(new Error("x"), { code: "EADDRINUSE" });
  const error = new ListenError("::1", 1, cause);
  equal(error.code, "EADDRINUSE");
  equal(error.cause, cause);
  equal(error.name, "ListenError");
  equal(new ListenError("::1", 1, undefined).code, "unknown");
});
