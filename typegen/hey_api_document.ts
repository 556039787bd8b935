/**
 * An OpenAPI document as `@hey-api/openapi-ts` gets it: the same text for any order of keys, and nothing in it that
 * leads out of the document, that becomes code, or that the generator stumbles over.
 *
 * @module
 */
import {
  commentText,
  isPlainTemplate,
  isServerUrl,
  isUsefulId,
  literalText,
  patternText,
  renameComponents,
} from "./hey_api_text.ts";

/** A document for the generator. */
export interface CanonicalDocument {
  /** JSON. */
  readonly text: string;
  /** References to files and to other hosts. The generator would read them; they are left out. */
  readonly externalRefs: readonly string[];
  /** Paths that no URL has; they are left out. */
  readonly badPaths: readonly string[];
}

/** Real documents have some dozens; the generator recurses. */
const MAX_DEPTH = 400;
/** Of the largest real document more than ten times; an alias of YAML can stand for any number of them. */
const MAX_VALUES = 10_000_000;

/** Where names are keys: what is called `pattern` there is a property, not a pattern. */
const MAPS: ReadonlySet<string> = new Set([
  ...["properties", "patternProperties", "schemas", "definitions", "$defs", "dependentSchemas"],
  ...["parameters", "responses", "requestBodies", "headers", "examples", "securitySchemes"],
  ...["securityDefinitions", "links", "callbacks", "pathItems", "paths", "webhooks", "variables"],
]);
/** What is in them is a value, whatever its keys are. */
const DATA: ReadonlySet<string> = new Set(["default", "example", "examples", "enum", "const"]);
const COMMENTS: ReadonlySet<string> = new Set(["title", "summary", "description"]);

type Renamed = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface Walk {
  readonly document: unknown;
  readonly externalRefs: Set<string>;
  readonly badPaths: Set<string>;
  /** Other names for components, by the place of their section. */
  readonly renamed: Renamed;
  values: number;
}

/** Where a value is. */
interface Place {
  readonly depth: number;
  /** The keys that lead to it, joined; no more than is asked for. */
  readonly way: string;
  /** The last one. */
  readonly key: string;
  readonly isInMap: boolean;
  readonly isData: boolean;
}

const TOP: Place = { depth: 0, way: "", key: "", isInMap: false, isData: false };

/**
 * Makes a document fit for the generator.
 *
 * @throws {RangeError} If it is nested too deeply or has too many values; the message says which.
 */
export function canonicalDocument(document: unknown): CanonicalDocument {
  const walk: Walk = {
    document,
    externalRefs: new Set(),
    badPaths: new Set(),
    renamed: renamedSections(document),
    values: 0,
  };
  const text = JSON.stringify(copy(document, TOP, walk)) ?? "null";
  return {
    text,
    externalRefs: [...walk.externalRefs].sort(),
    badPaths: [...walk.badPaths].sort(),
  };
}

function copy(value: unknown, place: Place, walk: Walk): unknown {
  if (++walk.values > MAX_VALUES) throw new RangeError(`it has more than ${MAX_VALUES} values`);
  if (typeof value === "string") return literalText(value);
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return String(value);
  // A date that somebody's YAML parser made.
  if ("toJSON" in value && typeof value.toJSON === "function") return String(value.toJSON());
  if (place.depth >= MAX_DEPTH) {
    throw new RangeError(`it is nested more than ${MAX_DEPTH} levels deep`);
  }
  if (!Array.isArray(value)) return copyObject(value, place, walk);
  const below = { ...place, depth: place.depth + 1, way: `${place.way}/`, isInMap: false };
  const items = place.isData
    ? value
    : value.filter((item: unknown) => isUsable(item, place.key, walk.document));
  return items.map((item: unknown) => copy(item, below, walk));
}

/** Whether an item of a list is one that the generator can print. */
function isUsable(item: unknown, key: string, document: unknown): boolean {
  if (key === "servers") return isServerUrl(ownProperty(item, "url"));
  if (key !== "parameters") return true;
  const ref = ownProperty(item, "$ref");
  if (typeof ref === "string") return ref.startsWith("#") && !isDangling(ref, document);
  // It keeps them by their names in an object, and finds its prototype.
  return ownProperty(item, "name") !== "__proto__";
}

/** Whether a reference within the document leads to nothing. */
function isDangling(ref: string, document: unknown): boolean {
  if (!ref.startsWith("#/")) return false;
  let value = document;
  for (const step of ref.slice(2).split("/")) {
    const name = pointerName(step);
    value = ownProperty(value, name) ?? ownProperty(value, decoded(name));
  }
  return value === undefined || value === null;
}

function copyObject(value: object, place: Place, walk: Walk): unknown {
  const ref = ownProperty(value, "$ref");
  if (typeof ref === "string" && ref !== "" && !ref.startsWith("#")) {
    walk.externalRefs.add(ref);
    return {};
  }
  // Of some kinds of components it takes one that is missing for a defect of its own.
  if (typeof ref === "string" && isDangling(ref, walk.document)) return {};
  const names = walk.renamed.get(place.way);
  const entries: (readonly [string, unknown])[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (place.way === "/paths" && !isPlainTemplate(key)) {
      walk.badPaths.add(key);
      continue;
    }
    const copied = typeof item === "string"
      ? copyText(key, item, place, walk)
      : copy(item, placeOf(key, place), walk);
    if (copied !== undefined) entries.push([names?.get(key) ?? literalText(key), copied]);
  }
  // Defines what is called "__proto__", where an assignment would set the prototype.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function placeOf(key: string, { depth, way, key: parent, isInMap, isData }: Place): Place {
  return {
    depth: depth + 1,
    way: depth > 4 ? "" : `${way}/${key}`,
    key,
    isInMap: !isInMap && MAPS.has(key),
    isData: isData || (!isInMap && DATA.has(key) && parent !== "variables"),
  };
}

function copyText(key: string, text: string, place: Place, walk: Walk): string | undefined {
  walk.values++;
  if (key === "$ref") return renamedRef(text, walk.renamed);
  if (place.isData || place.isInMap) return literalText(text);
  if (COMMENTS.has(key)) return commentText(text);
  if (key === "pattern") return patternText(text);
  if (key === "operationId" && !isUsefulId(text)) return undefined;
  // Swagger 2 has its server in pieces.
  const isServer = place.depth === 0 && (key === "host" || key === "basePath");
  return isServer && !isServerUrl(text) ? undefined : literalText(text);
}

function ownProperty(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

const SWAGGER_SECTIONS: readonly string[] = ["definitions", "parameters", "responses"];

function renamedSections(document: unknown): Renamed {
  const components = ownProperty(document, "components");
  const sections = [
    ...SWAGGER_SECTIONS.map((key) => [`/${key}`, ownProperty(document, key)] as const),
    ...Object.entries(typeof components === "object" ? components ?? {} : {})
      .map(([key, section]) => [`/components/${key}`, section] as const),
  ];
  return new Map(sections.flatMap(([way, section]) => {
    if (typeof section !== "object" || section === null) return [];
    const renamed = renameComponents(Object.keys(section));
    return renamed.size === 0 ? [] : [[way, renamed] as const];
  }));
}

/** Case: "#/definitions/Page%C2%ABUser%C2%BB" -> "#/definitions/Page_User_" */
const REF_REGEXP = /^#(\/components\/[^/]+|\/definitions|\/parameters|\/responses)\/([^/]+)(.*)$/s;

function renamedRef(ref: string, renamed: Renamed): string {
  const [, section = "", step = "", rest = ""] = REF_REGEXP.exec(ref) ?? [];
  const names = renamed.get(section);
  const name = names?.get(pointerName(step)) ?? names?.get(decoded(pointerName(step)));
  return name === undefined ? ref : `#${section}/${name}${rest}`;
}

const pointerName = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
