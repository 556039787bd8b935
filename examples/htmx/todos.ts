// The to-dos, in SQLite. Deno and Bun both have node:sqlite.
import { DatabaseSync } from "node:sqlite";

export interface Todo {
  readonly id: number;
  readonly text: string;
  readonly isDone: boolean;
}

export type Filter = "all" | "open" | "done";

const CONDITIONS: Record<Filter, string> = {
  all: "1",
  open: "done = 0",
  done: "done = 1",
};

export class Todos {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // A second process that writes waits, and readers do not.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 1000;",
    );
    this.#database.exec(`CREATE TABLE IF NOT EXISTS todo (
      id INTEGER PRIMARY KEY,
      text TEXT NOT NULL,
      done INTEGER NOT NULL DEFAULT 0
    ) STRICT`);
  }

  list(filter: Filter): Todo[] {
    return this.#read(`WHERE ${CONDITIONS[filter]} ORDER BY id`);
  }

  find(id: number): Todo | undefined {
    return this.#read("WHERE id = ?", id)[0];
  }

  add(text: string): Todo {
    const { lastInsertRowid } = this.#run(
      "INSERT INTO todo (text) VALUES (?)",
      text,
    );
    return { id: Number(lastInsertRowid), text, isDone: false };
  }

  rename(id: number, text: string): void {
    this.#run("UPDATE todo SET text = ? WHERE id = ?", text, id);
  }

  toggle(id: number): void {
    this.#run("UPDATE todo SET done = 1 - done WHERE id = ?", id);
  }

  remove(id: number): void {
    this.#run("DELETE FROM todo WHERE id = ?", id);
  }

  #read(rest: string, ...values: number[]): Todo[] {
    return this.#database.prepare(`SELECT id, text, done FROM todo ${rest}`)
      .all(...values)
      .map(({ id, text, done }) => ({
        id: Number(id),
        text: String(text),
        isDone: done === 1,
      }));
  }

  #run(
    statement: string,
    ...values: (string | number)[]
  ): { lastInsertRowid: number | bigint } {
    return this.#database.prepare(statement).run(...values);
  }
}
