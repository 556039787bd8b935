// The books, in SQLite. Deno and Bun both have node:sqlite.
import { DatabaseSync } from "node:sqlite";
import type { Book, NewBook, Shelf, Summary } from "./routes.ts";
import { SAMPLES } from "./samples.ts";

const FIELDS = ["title", "author", "pages", "shelf", "rating", "note"] as const;

/** What is looked for. */
export interface Filter {
  readonly shelf?: Shelf | undefined;
  readonly search?: string | undefined;
}

type Row = Record<string, unknown>;

export class Books {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // A second process that writes waits, and readers do not.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 1000;",
    );
    this.#database.exec(`CREATE TABLE IF NOT EXISTS book (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      author TEXT NOT NULL,
      pages INTEGER NOT NULL,
      shelf TEXT NOT NULL CHECK (shelf IN ('next', 'reading', 'read')),
      rating INTEGER NOT NULL,
      note TEXT NOT NULL,
      added_at TEXT NOT NULL
    ) STRICT`);
    const [first] = this.#rows(
      "SELECT 1 FROM sqlite_sequence WHERE name = 'book'",
    );
    if (first === undefined) SAMPLES.forEach((book) => this.add(book));
  }

  list({ shelf, search = "" }: Filter): Book[] {
    const like = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
    return this.#rows(
      `SELECT * FROM book WHERE (?1 = '' OR shelf = ?1)
      AND (title LIKE ?2 ESCAPE '\\' OR author LIKE ?2 ESCAPE '\\') ORDER BY id DESC`,
      shelf ?? "",
      like,
    ).map(bookOf);
  }

  summary(): Summary {
    const counts = { next: 0, reading: 0, read: 0 };
    for (
      const { shelf, n } of this.#rows(
        "SELECT shelf, count(*) AS n FROM book GROUP BY shelf",
      )
    ) counts[shelf as Shelf] = Number(n);
    const [row] = this.#rows(
      "SELECT coalesce(sum(pages), 0) AS n FROM book WHERE shelf = 'read'",
    );
    return { counts, pagesRead: Number(row?.["n"]) };
  }

  add(book: NewBook): Book {
    const columns = [...FIELDS, "added_at"];
    const [row] = this.#rows(
      `INSERT INTO book (${columns.join(", ")}) VALUES (${
        columns.map(() => "?").join(", ")
      }) RETURNING *`,
      ...FIELDS.map((field) => book[field]),
      new Date().toISOString(),
    );
    return bookOf(row ?? {});
  }

  change(id: number, book: NewBook): Book | undefined {
    const [row] = this.#rows(
      `UPDATE book SET ${
        FIELDS.map((field) => `${field} = ?`).join(", ")
      } WHERE id = ? RETURNING *`,
      ...FIELDS.map((field) => book[field]),
      id,
    );
    return row === undefined ? undefined : bookOf(row);
  }

  remove(id: number): boolean {
    return this.#rows("DELETE FROM book WHERE id = ? RETURNING id", id).length >
      0;
  }

  #rows(statement: string, ...values: (string | number)[]): Row[] {
    return this.#database.prepare(statement).all(...values) as Row[];
  }
}

function bookOf(row: Row): Book {
  return {
    id: Number(row["id"]),
    title: String(row["title"]),
    author: String(row["author"]),
    pages: Number(row["pages"]),
    // The table's own check lets nothing else in.
    shelf: row["shelf"] as Shelf,
    rating: Number(row["rating"]),
    note: String(row["note"]),
    addedAt: String(row["added_at"]),
  };
}
