import { equal, match, notEqual } from "node:assert/strict";
import { DEV_VERSION_ID, integrityOf, versionIdOf } from "../../sidecar/asset_version.ts";
import { test } from "../_support/test.ts";

test("versionIdOf() is the start of the manifest's SHA-256", () => {
  // printf '{}' | sha256sum
  equal(versionIdOf("{}"), "44136fa355b3678a");
  notEqual(versionIdOf("{}"), versionIdOf("{} "));
  match(versionIdOf("ü"), /^[0-9a-f]{16}$/);
  notEqual(DEV_VERSION_ID, "");
});

test("integrityOf() is what a browser compares with", () => {
  // printf 'alert(1)' | openssl dgst -sha384 -binary | base64
  const hash = "sha384-HT2E9NfWiuQ/w1PRai+hTyqW16NIoCGA/m8VQDUopfAtcz6YQjtsMmQd5uRbVDpW";
  equal(integrityOf("alert(1)"), hash);
  equal(integrityOf(new TextEncoder().encode("alert(1)")), hash);
});
