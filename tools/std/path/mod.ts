/**
 * `@std/path` for this repository: the std's own modules, as the npm package `deno-std` carries them,
 * with the types of what we use. Published code depends on the real `jsr:@std/path`.
 *
 * @module
 */
import * as untyped from "deno-std/path/mod.js";

interface Path {
  basename(path: string, suffix?: string): string;
  dirname(path: string): string;
  extname(path: string): string;
  fromFileUrl(url: string | URL): string;
  isAbsolute(path: string): boolean;
  join(...paths: string[]): string;
  relative(from: string, to: string): string;
  resolve(...paths: string[]): string;
  toFileUrl(path: string): URL;
}

// deno-std has no type declarations.
const path = untyped as unknown as Path;

export const basename: Path["basename"] = path.basename;
export const dirname: Path["dirname"] = path.dirname;
export const extname: Path["extname"] = path.extname;
export const fromFileUrl: Path["fromFileUrl"] = path.fromFileUrl;
export const isAbsolute: Path["isAbsolute"] = path.isAbsolute;
export const join: Path["join"] = path.join;
export const relative: Path["relative"] = path.relative;
export const resolve: Path["resolve"] = path.resolve;
export const toFileUrl: Path["toFileUrl"] = path.toFileUrl;
