/**
 * Types of paths: their parameters, and what is wrong with them.
 *
 * @module
 */
import type { PathConverter, PathInputs, PathValues } from "./path_values.ts";

/** What stands in the braces of a path: `/a/{b:int}/{c}` -> `"b:int" | "c"`. */
export type PlaceIn<Path extends string> = Path extends `${string}{${infer Place}}${infer Rest}`
  ? Place | PlaceIn<Rest>
  : never;

/** `"id:int"` -> `"id"`. */
export type NameOfPlace<Place extends string> = Place extends `${infer Name}:${string}` ? Name
  : Place;

/** `"id:int"` -> `"int"`, `"id"` -> `"str"`. */
export type ConverterOfPlace<Place extends string> = Place extends `${string}:${infer Converter}`
  ? Converter extends PathConverter ? Converter : "str"
  : "str";

/** What a handler gets for the parameters of a path. */
export type PathParams<Path extends string> = string extends Path
  ? { readonly [name: string]: string | number }
  : {
    readonly [Place in PlaceIn<Path> as NameOfPlace<Place>]: PathValues[ConverterOfPlace<Place>];
  };

/** What is given for the parameters of a path to build its URL. */
export type PathArguments<Path extends string> = string extends Path
  ? { readonly [name: string]: string | number | Date | readonly string[] }
  : {
    readonly [Place in PlaceIn<Path> as NameOfPlace<Place>]: PathInputs[ConverterOfPlace<Place>];
  };

/** The path itself, or in its place what is wrong with it. */
export type CheckedPath<Path extends string> = string extends Path ? Path
  : Path extends "" | `/${string}` ? BadPlace<PlaceIn<Path>> extends never ? Path
    : `Cannot use "{${BadPlace<
      PlaceIn<Path>
    >}}" as a parameter: converters are ${"str, int, float, decimal, uuid, date, datetime, time, timedelta and path"}`
  : `Cannot use "${Path}" as a path: it does not begin with a slash`;

/** The places with a converter that there is not. */
export type BadPlace<Place extends string> = Place extends `${string}:${infer Converter}`
  ? Converter extends PathConverter ? never : Place
  : never;

/** A path below a prefix; its own `/` is the prefix itself. */
export type JoinedPath<Prefix extends string, Path extends string> = Path extends "" | "/"
  ? Prefix extends "" ? "/" : Prefix
  : `${Prefix}${Path}`;
