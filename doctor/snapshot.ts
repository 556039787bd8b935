/**
 * What is known of a project when the checks run: collected once, and changed by nobody.
 *
 * @module
 */
import type { Config, Executor } from "../sidecar/config_types.ts";
import type { Part } from "./part.ts";

/** JSON that was read from a file; any field may be missing or wrong. */
export type Fields = Readonly<Record<string, unknown>>;

/** A file of JSON. */
export interface JsonFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  /** `undefined` if it is no object. */
  readonly fields: Fields | undefined;
}

/** A file in the root, by its path relative to it, with `/`. */
export interface FileFact {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** The files of a project, without what is installed or built. */
export interface FilesFacts {
  readonly files: readonly FileFact[];
  /** Texts of those that may say something, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether there are more than were looked at. */
  readonly isCut: boolean;
}

/** Files in the root that mean something by their name. */
export interface ManifestFacts {
  readonly package: JsonFile | undefined;
  readonly deno: JsonFile | undefined;
  readonly tsconfig: JsonFile | undefined;
  /** Files that could not be read as what they are. */
  readonly problems: readonly string[];
  /** Lock files in the root. */
  readonly locks: readonly string[];
  /** Whether there is a `node_modules`, and when it was last installed into. */
  readonly installedMs: number | undefined;
  /** When the newest lock file was changed. */
  readonly lockedMs: number | undefined;
}

/** An installed package. */
export interface PackageFact {
  readonly name: string;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly nodeRange: string | undefined;
  readonly peers: Readonly<Record<string, string>>;
}

/** What is installed. */
export interface PackagesFacts {
  /** By name, of those that the project lists, as its own code would find them. */
  readonly installed: ReadonlyMap<string, PackageFact>;
  /** Names that the project lists, with the range. */
  readonly listed: ReadonlyMap<string, string>;
  /** Every Vite below `node_modules`: its folder and version. */
  readonly vites: readonly { readonly folder: string; readonly version: string }[];
}

/** A runtime. */
export interface RuntimeFact {
  readonly executor: Executor;
  readonly command: string;
  readonly version: string;
}

/** What can run Vite. */
export interface RuntimesFacts {
  /** The one that is used; `undefined` if it is not there. */
  readonly used: RuntimeFact | undefined;
  /** What was asked for. */
  readonly wanted: Executor | undefined;
  /** All that are there. */
  readonly available: readonly RuntimeFact[];
}

/** Our own options. */
export interface OptionsFacts {
  /** `undefined` if they can't be used. */
  readonly config: Config | undefined;
  /** What is wrong with them. */
  readonly problems: readonly string[];
  /** Where each option that somebody gave comes from. */
  readonly sources: ReadonlyMap<string, string>;
  /** The configuration file, relative to the root, and its text. */
  readonly file: { readonly path: string; readonly text: string } | undefined;
}

/** What Vite makes of `vite.config`, in development. */
export interface ViteFacts {
  readonly version: string;
  /** Absolute; `undefined` if there is none. */
  readonly configFile: string | undefined;
  readonly root: string;
  readonly base: string;
  readonly publicDir: string;
  readonly envPrefix: readonly string[];
  readonly plugins: readonly string[];
  readonly server: {
    readonly host: string | boolean | undefined;
    readonly origin: string | undefined;
    readonly cors: unknown;
    readonly allowedHosts: true | readonly string[];
    readonly proxy: readonly string[];
    /** Of `server.hmr` and `server.ws`: the fields that name another place than the page's own. */
    readonly hmr: Readonly<Record<string, unknown>>;
  };
  /** Of a build. */
  readonly build: {
    readonly base: string;
    readonly outDir: string;
    readonly emptyOutDir: boolean | null;
    readonly isSsr: boolean;
    readonly manifest: string | boolean;
  };
}

/** What is built. */
export interface BuildFacts {
  /** Absolute. */
  readonly folder: string;
  /** Relative to it; `undefined` if there is none. */
  readonly manifestPath: string | undefined;
  readonly builtMs: number;
  /** What is wrong with it: one sentence each. */
  readonly problems: readonly string[];
  /** Files that the manifest names and that are not there. */
  readonly missing: readonly string[];
  /** Sources that are entries of it. */
  readonly entries: readonly string[];
  /** What it was built for; `undefined` where nobody knows. */
  readonly base: string | null | undefined;
}

/** How the generated types are. */
export interface TypesFacts {
  readonly kind: "same" | "stale" | "failed";
  /** Relative to the root. */
  readonly output: string;
  /** Files that are not as they should be. */
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

/** A file that a process leaves while it runs. */
export interface Leftover {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly what: string;
  /** Why nobody needs it any more; `undefined` if somebody does. */
  readonly staleWhy: string | undefined;
}

/** The machine. */
export interface SystemFacts {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How many files Linux watches for one user. */
  readonly maxWatches: number | undefined;
  readonly isWsl: boolean;
  /** Whether the root is on a file system that tells `A` from `a`. */
  readonly isCaseSensitive: boolean | undefined;
  /** The time when the files were looked at. */
  readonly nowMs: number;
}

/** One answer of the running system. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly location: string | undefined;
  /** The first characters of the body. */
  readonly text: string;
}

/** What listens. */
export interface ListenerFact {
  readonly address: string;
  readonly port: number;
  readonly pid: number | undefined;
  readonly command: string;
}

/** How a sidecar says that it is. */
export interface InstanceFact {
  readonly pid: number;
  readonly url: string;
  readonly mode: "dev" | "production";
  readonly vite:
    | {
      readonly condition: string;
      readonly port: number | undefined;
      readonly pid: number | undefined;
      readonly base: string;
    }
    | undefined;
  readonly app: {
    readonly kind: string;
    readonly condition: string;
    readonly origin: string | undefined;
  };
}

/** The running system. */
export interface LiveFacts {
  /** Sidecars of this root that answer. */
  readonly instances: readonly InstanceFact[];
  /** Who listens on the configured port, if it is none of those. */
  readonly portOwner: ListenerFact | undefined;
  /** GET of Vite's client through the port, and of the first module of the page. */
  readonly modules: readonly { readonly path: string; readonly answer: Answer | string }[];
  /** What became of an HMR socket through the port; `undefined` if none was tried. */
  readonly hmr: { readonly isConnected: boolean; readonly why: string } | undefined;
  /** What each configured public host gets. */
  readonly hosts: readonly { readonly host: string; readonly status: number | string }[];
  /** The backend, asked directly. */
  readonly backend: { readonly origin: string; readonly state: "up" | "down" | "loop" } | undefined;
  /** Redirects of the backend's first paths, asked through the port. */
  readonly redirects: readonly { readonly path: string; readonly location: string }[];
  /** A form that is sent to nobody in particular, by a page of this very origin. */
  readonly formStatus: number | undefined;
  /** What the children of the instances listen on. */
  readonly listeners: readonly ListenerFact[];
  /** Dev servers of this root that no instance has started. */
  readonly orphans: readonly { readonly pid: number; readonly command: string }[];
}

/** All of it. */
export interface Snapshot {
  /** Absolute. */
  readonly root: string;
  readonly manifests: Part<ManifestFacts>;
  readonly files: Part<FilesFacts>;
  readonly packages: Part<PackagesFacts>;
  readonly runtimes: Part<RuntimesFacts>;
  readonly options: OptionsFacts;
  readonly vite: Part<ViteFacts>;
  readonly build: Part<BuildFacts>;
  readonly types: Part<TypesFacts>;
  readonly leftovers: Part<readonly Leftover[]>;
  readonly system: Part<SystemFacts>;
  /** `absent` without `--runtime`. */
  readonly live: Part<LiveFacts>;
}

/** The parts of a snapshot that may be missing. */
export const PART_NAMES = [
  ...["manifests", "files", "packages", "runtimes", "vite", "build", "types", "leftovers"] as const,
  ...["system", "live"] as const,
] as const;
