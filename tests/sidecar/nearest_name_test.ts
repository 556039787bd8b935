import { equal } from "node:assert/strict";
import { nearestName } from "../../sidecar/nearest_name.ts";
import { test } from "../_support/test.ts";

const NAMES = ["port", "host", "backend", "backendCommand", "allowRemote", "allowedHosts"];

test("nearestName() finds a name with a letter missing, added, replaced or swapped", () => {
  equal(nearestName("por", NAMES), "port");
  equal(nearestName("portt", NAMES), "port");
  equal(nearestName("port1", NAMES), "port");
  equal(nearestName("pirt", NAMES), "port");
  equal(nearestName("prot", NAMES), "port");
});

test("nearestName() sees no difference between the writings of one name", () => {
  equal(nearestName("ALLOW_REMOTE", NAMES), "allowRemote");
  equal(nearestName("allow-remote", NAMES), "allowRemote");
  equal(nearestName("backend-comand", NAMES), "backendCommand");
});

test("nearestName() takes the nearest of two near names", () => {
  equal(nearestName("backendCommnd", NAMES), "backendCommand");
  equal(nearestName("backends", NAMES), "backend");
});

test("nearestName() proposes nothing where nothing is near", () => {
  equal(nearestName("colour", NAMES), undefined);
  equal(nearestName("x", NAMES), undefined);
  equal(nearestName("", NAMES), undefined);
  equal(nearestName("port", []), undefined);
});
