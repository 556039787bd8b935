/**
 * Unpacks `@sparticuz/chromium` into the folder that `TMPDIR` names. A program of its own, because the package knows
 * no other way to be told where.
 *
 * @module
 */
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
