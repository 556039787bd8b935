/**
 * Static props as a Vite that we run gets them: a virtual module by each of its names, and a file with its types.
 *
 * @module
 */
import { join, resolve } from "node:path";
import {
  renderStaticPropsModule,
  renderStaticPropsTypes,
  STATIC_PROPS_MODULES,
  STATIC_PROPS_TYPES_FILE,
  type StaticProps,
} from "../codegen/static_props.ts";
import type { GeneratedFile } from "./vite_protocol.ts";

/** Where generated files are, relative to the root, if nobody says. */
const DEFAULT_GENERATED_DIR = "src/generated";

/** What a runner is told of static props; nothing if there are none. */
export interface StaticPropsRequest {
  /** The module's code by each of its names. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly files?: readonly GeneratedFile[];
}

/**
 * Makes the request.
 *
 * @param root Absolute path.
 * @param generatedDir Relative to it.
 */
export function staticPropsRequest(
  props: StaticProps | undefined,
  root: string,
  generatedDir: string = DEFAULT_GENERATED_DIR,
): StaticPropsRequest {
  if (props === undefined) return {};
  const code = renderStaticPropsModule(props);
  const path = join(resolve(root, generatedDir), STATIC_PROPS_TYPES_FILE);
  return {
    modules: Object.fromEntries(STATIC_PROPS_MODULES.map((name) => [name, code])),
    files: [{ path, text: renderStaticPropsTypes(props) }],
  };
}
