// The tickets, in SQLite. Deno and Bun both have node:sqlite.
import { DatabaseSync } from "node:sqlite";
import { COMMENTS, SAMPLES } from "./samples.ts";

export type Status = "open" | "closed";
export type Priority = "low" | "normal" | "high";

export interface Ticket {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly priority: Priority;
  readonly status: Status;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly comments: number;
}

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly text: string;
  readonly createdAt: number;
  /** The name of the file that came with it. */
  readonly file: string | null;
}

/** What somebody writes. */
export interface NewComment {
  readonly author: string;
  readonly text: string;
  readonly file?:
    | { readonly name: string; readonly bytes: Uint8Array }
    | undefined;
}

type Row = Record<string, unknown>;
type Value = string | number | null | Uint8Array;

const PAGE_SIZE = 12;
const DAY_MS = 86_400_000;

export class Tickets {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // A second process that writes waits, and readers do not.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 1000;",
    );
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS ticket (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        author TEXT NOT NULL,
        priority TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'open',
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS comment (
        id INTEGER PRIMARY KEY,
        ticket_id INTEGER NOT NULL REFERENCES ticket (id),
        author TEXT NOT NULL,
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        file_name TEXT,
        file BLOB
      ) STRICT;
    `);
    if (this.#rows("SELECT id FROM ticket LIMIT 1").length === 0) this.#fill();
  }

  list(status: Status, page: number) {
    const items = this.#rows(
      `SELECT ticket.*, (SELECT count(*) FROM comment WHERE ticket_id = ticket.id) AS comments
        FROM ticket WHERE status = ? ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
      status,
      PAGE_SIZE,
      (page - 1) * PAGE_SIZE,
    ).map(ticketOf);
    return { items, total: this.counts()[status], perPage: PAGE_SIZE, page };
  }

  counts(): Readonly<Record<Status, number>> {
    const rows = this.#rows(
      "SELECT status, count(*) AS n FROM ticket GROUP BY status",
    );
    const of = (status: Status): number =>
      Number(rows.find((row) => row["status"] === status)?.["n"] ?? 0);
    return { open: of("open"), closed: of("closed") };
  }

  /** How many tickets came on each of the last days, the oldest first. */
  byDay(days: number, now: number): number[] {
    const counts = new Array<number>(days).fill(0);
    const first = now - days * DAY_MS;
    for (
      const { created_at } of this.#rows(
        "SELECT created_at FROM ticket WHERE created_at > ?",
        first,
      )
    ) {
      const day = Math.min(
        days - 1,
        Math.floor((Number(created_at) - first) / DAY_MS),
      );
      counts[day] = (counts[day] ?? 0) + 1;
    }
    return counts;
  }

  find(id: number): Ticket | undefined {
    return this.#rows(
      `SELECT ticket.*, (SELECT count(*) FROM comment WHERE ticket_id = ticket.id) AS comments
        FROM ticket WHERE id = ?`,
      id,
    ).map(ticketOf)[0];
  }

  comments(ticketId: number): Comment[] {
    return this.#rows(
      "SELECT * FROM comment WHERE ticket_id = ? ORDER BY id",
      ticketId,
    )
      .map(commentOf);
  }

  file(
    commentId: number,
  ): { name: string; bytes: Uint8Array<ArrayBuffer> } | undefined {
    const [row] = this.#rows(
      "SELECT file_name, file FROM comment WHERE id = ?",
      commentId,
    );
    const bytes = row?.["file"];
    if (!(bytes instanceof Uint8Array)) return undefined;
    return { name: String(row?.["file_name"]), bytes: new Uint8Array(bytes) };
  }

  add(
    { title, body, author, priority }: Pick<
      Ticket,
      "title" | "body" | "author" | "priority"
    >,
    now: number,
  ): number {
    return this.#run(
      "INSERT INTO ticket (title, body, author, priority, created_at) VALUES (?, ?, ?, ?, ?)",
      title,
      body,
      author,
      priority,
      now,
    );
  }

  comment(
    ticketId: number,
    { author, text, file }: NewComment,
    now: number,
  ): void {
    this.#run(
      `INSERT INTO comment (ticket_id, author, text, created_at, file_name, file)
        VALUES (?, ?, ?, ?, ?, ?)`,
      ticketId,
      author,
      text,
      now,
      file?.name ?? null,
      file?.bytes ?? null,
    );
  }

  setStatus(id: number, status: Status): void {
    this.#run("UPDATE ticket SET status = ? WHERE id = ?", status, id);
  }

  #fill(): void {
    const now = Date.now();
    this.#database.exec("BEGIN");
    for (const [index, sample] of SAMPLES.entries()) {
      const createdAt = now - index * 0.37 * DAY_MS;
      const id = this.add(sample, createdAt);
      for (const comment of COMMENTS.slice(0, index % 4)) {
        this.comment(id, comment, createdAt + DAY_MS / 30);
      }
      if (index % 3 === 2) this.setStatus(id, "closed");
    }
    this.#database.exec("COMMIT");
  }

  #rows(statement: string, ...values: Value[]): Row[] {
    return this.#database.prepare(statement).all(...values) as Row[];
  }

  #run(statement: string, ...values: Value[]): number {
    return Number(
      this.#database.prepare(statement).run(...values).lastInsertRowid,
    );
  }
}

function ticketOf(row: Row): Ticket {
  return {
    id: Number(row["id"]),
    title: String(row["title"]),
    body: String(row["body"]),
    author: String(row["author"]),
    // Nothing else was written there.
    priority: row["priority"] as Priority,
    status: row["status"] as Status,
    createdAt: Number(row["created_at"]),
    comments: Number(row["comments"]),
  };
}

function commentOf(row: Row): Comment {
  const file = row["file_name"];
  return {
    id: Number(row["id"]),
    author: String(row["author"]),
    text: String(row["text"]),
    createdAt: Number(row["created_at"]),
    file: typeof file === "string" ? file : null,
  };
}
