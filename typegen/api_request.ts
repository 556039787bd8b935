/**
 * What is asked of {@linkcode generateApiTypes}, and what it gives back.
 *
 * @module
 */

import type { GeneratedFile, OperationTypes } from "../codegen/options.ts";
import type { TypesDiagnostic } from "./diagnostic.ts";

/** The HTTP clients that an SDK can stand on. */
export type ApiClient = "fetch" | "axios" | "ky" | "ofetch" | "next" | "nuxt" | "angular";

/** What is to be generated from an OpenAPI document. */
export interface ApiTypesRequest {
  /** The document, parsed. */
  readonly document: unknown;
  /** What it is called in diagnostics. @default {"openapi.json"} */
  readonly where?: string;
  /** Whether there is a zod schema for each type. */
  readonly zod: boolean;
  /** Whether there is a function for each operation. */
  readonly sdk: boolean;
  /** What the functions stand on. @default {"fetch"} */
  readonly client?: ApiClient;
  /** More plugins of `@hey-api/openapi-ts`, by their names. */
  readonly plugins?: readonly string[];
  /** How imports between the files end. @default {".ts"} */
  readonly importExtension?: ".ts" | ".js" | "";
  /** Absolute path of the front end's folder: its own `@hey-api/openapi-ts` and `zod` are looked for from there. */
  readonly root: string;
  /** Absolute path of a folder that is ours: results of earlier runs, and the package where the project has none. */
  readonly cacheDir: string;
  /** After how long a run is given up. @default {120000} */
  readonly timeoutMs?: number;
  /** Ends the run; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Hears that the generator has been started: for a while this process has nothing to do for it. */
  readonly onStart?: () => void;
}

/** The runtime that we run on: it is what runs the generator, too. */
export interface ApiTools {
  readonly runtime: {
    readonly name: "deno" | "bun" | "node";
    /** `process.execPath`. */
    readonly execPath: string;
  };
  /** `process.env`. Secrets are not passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What was generated. */
export interface ApiTypes {
  /** In the folder `api/`; none where nothing could be generated. What an earlier run wrote has to stay then. */
  readonly files: readonly GeneratedFile[];
  /** What there is to tell; never an `error`, since everything else goes on. */
  readonly diagnostics: readonly TypesDiagnostic[];
  /** For the option `operationTypes` of `generate`; `undefined` where nothing could be generated. */
  readonly operationTypes: OperationTypes | undefined;
  /** Whether an earlier run had the same input, so that nothing had to be run. */
  readonly isFromCache: boolean;
}
