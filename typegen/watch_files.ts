/**
 * Watches files, whether they exist or not, and all that match patterns.
 *
 * The system's own notice makes it quick, and a look at everything now and then makes it sure: notices are lost when there
 * are too many of them (denoland/deno#35122), when a folder is replaced, and on file systems of other machines.
 *
 * @module
 */
import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { dirname, join } from "node:path";

/** What is watched. */
export interface WatchedFiles {
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly trees: readonly WatchedTree[];
}

/** Files below a folder. */
export interface WatchedTree {
  /** Absolute. */
  readonly folder: string;
  /** Whether a file counts. @param path Absolute. */
  readonly matches: (path: string) => boolean;
  /** Whether a folder is not looked into. @param path Absolute. */
  readonly skips: (path: string) => boolean;
}

/** A watch that must be ended. */
export interface FileWatch {
  /** From now on these count; what is new among them is no change. */
  replace(watched: WatchedFiles): void;
  close(): void;
}

/** Editors write a file in several steps, and several files at once. */
const QUIET_MS = 40;
/** Who never stops writing is looked at all the same. */
const MAX_QUIET_MS = 300;
/** How often everything is looked at; less often where that takes long: it costs a twentieth of a processor at most. */
const LOOK_MS = 1000;
const LOOK_FACTOR = 20;
/** The system's own limit is far above; what is beyond it is looked at. */
const MAX_WATCHERS = 500;

/** What was there at one moment. */
interface Snapshot {
  readonly stamps: ReadonlyMap<string, string>;
  /** Folders with what tells one from another of the same name. */
  readonly folders: ReadonlyMap<string, string>;
}

const NOTHING = "-";

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? NOTHING : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
}

function safely<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    // Case: no right to look there, or it went just now.
    return otherwise;
  }
}

function takeSnapshot({ files, trees }: WatchedFiles): Snapshot {
  const stamps = new Map<string, string>();
  const folders = new Map<string, string>();
  const addFolder = (path: string): void => {
    const stat = safely(() => statSync(path, { throwIfNoEntry: false }), undefined);
    if (stat?.isDirectory()) folders.set(path, `${stat.dev}:${stat.ino}`);
    // One that is missing may come: what is above it hears of that.
    else if (dirname(path) !== path) addFolder(dirname(path));
  };
  for (const file of files) {
    stamps.set(file, safely(() => stampOf(file), NOTHING));
    if (!folders.has(dirname(file))) addFolder(dirname(file));
  }
  for (const tree of trees) {
    addFolder(tree.folder);
    walk(tree.folder, tree, { stamps, addFolder });
  }
  return { stamps, folders };
}

function walk(
  folder: string,
  tree: WatchedTree,
  found: { readonly stamps: Map<string, string>; readonly addFolder: (path: string) => void },
): void {
  for (const entry of safely(() => readdirSync(folder, { withFileTypes: true }), [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (tree.skips(path)) continue;
      found.addFolder(path);
      walk(path, tree, found);
    } else if (tree.matches(path)) found.stamps.set(path, safely(() => stampOf(path), NOTHING));
  }
}

function differences(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...before.stamps.keys(), ...after.stamps.keys()]);
  return [...paths].filter((path) => before.stamps.get(path) !== after.stamps.get(path));
}

/** Watches until `close()`; `onChange` gets the paths that changed, came or went. */
export function watchFiles(
  watched: WatchedFiles,
  onChange: (paths: readonly string[]) => void,
): FileWatch {
  return new Watch(watched, onChange);
}

class Watch implements FileWatch {
  readonly #onChange: (paths: readonly string[]) => void;
  readonly #watchers = new Map<string, { readonly id: string; readonly watcher: FSWatcher }>();
  #watched: WatchedFiles;
  #snapshot: Snapshot;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #firstNoticeMs: number | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(watched: WatchedFiles, onChange: (paths: readonly string[]) => void) {
    this.#watched = watched;
    this.#onChange = onChange;
    this.#snapshot = takeSnapshot(watched);
    this.#follow();
    this.#lookLater(LOOK_MS);
  }

  replace(watched: WatchedFiles): void {
    if (this.#closed) return;
    const { stamps } = this.#snapshot;
    this.#watched = watched;
    const after = takeSnapshot(watched);
    // What was watched before and changed meanwhile is still to be told.
    this.#snapshot = {
      stamps: new Map([...after.stamps].map(([path, stamp]) => [path, stamps.get(path) ?? stamp])),
      folders: after.folders,
    };
    this.#follow();
    if (differences(this.#snapshot, after).length > 0) this.#notice();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#next);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  readonly #notice = (): void => {
    if (this.#closed) return;
    const now = performance.now();
    this.#firstNoticeMs ??= now;
    if (now - this.#firstNoticeMs > MAX_QUIET_MS && this.#quiet !== undefined) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#look(), QUIET_MS);
  };

  #lookLater(ms: number): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    this.#firstNoticeMs = undefined;
    const startedMs = performance.now();
    const before = this.#snapshot;
    this.#snapshot = takeSnapshot(this.#watched);
    this.#follow();
    const tookMs = performance.now() - startedMs;
    this.#lookLater(Math.max(LOOK_MS, tookMs * LOOK_FACTOR));
    const changed = differences(before, this.#snapshot);
    if (changed.length > 0) this.#onChange(changed);
  }

  /** Lets go of folders that are gone, and follows those that are new. */
  #follow(): void {
    const { folders } = this.#snapshot;
    for (const [path, { id, watcher }] of [...this.#watchers]) {
      if (folders.get(path) === id) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const [path, id] of folders) {
      if (this.#watchers.has(path) || this.#watchers.size >= MAX_WATCHERS) continue;
      const watcher = safely(() => watch(path, { persistent: false }, this.#notice), undefined);
      if (watcher === undefined) continue;
      // One that has failed hears nothing more; the next look opens another.
      watcher.on("error", () => {
        watcher.close();
        if (this.#watchers.get(path)?.watcher === watcher) this.#watchers.delete(path);
      });
      this.#watchers.set(path, { id, watcher });
    }
  }
}
