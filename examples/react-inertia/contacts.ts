// The contacts, in SQLite. Deno and Bun both have node:sqlite.
import { DatabaseSync } from "node:sqlite";
import type { Contact, ContactInput, ContactLine, Stats } from "./pages.ts";
import { SAMPLES } from "./samples.ts";

const LINE = "id, name, company, city, favourite";
const FIELDS = ["name", "email", "phone", "company", "city", "note"] as const;

/** A part of the list. */
export interface Slice {
  readonly items: readonly ContactLine[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

/** What is looked for. */
export interface Query {
  readonly search: string;
  readonly onlyFavourites: boolean;
  /** From 1 on. */
  readonly page: number;
}

type Row = Record<string, unknown>;

const PAGE_SIZE = 20;

export class Contacts {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // A second process that writes waits, and readers do not.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 1000;",
    );
    this.#database.exec(`CREATE TABLE IF NOT EXISTS contact (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      email TEXT NOT NULL,
      phone TEXT NOT NULL,
      company TEXT NOT NULL,
      city TEXT NOT NULL,
      note TEXT NOT NULL,
      favourite INTEGER NOT NULL DEFAULT 0
    ) STRICT`);
    if (this.#number("SELECT count(*) AS n FROM contact") === 0) this.#fill();
  }

  list({ search, onlyFavourites, page }: Query): Slice {
    const like = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
    const where = `WHERE (name LIKE ?1 ESCAPE '\\' OR company LIKE ?1 ESCAPE '\\'
      OR city LIKE ?1 ESCAPE '\\') AND favourite >= ?2`;
    const least = onlyFavourites ? 1 : 0;
    const offset = (page - 1) * PAGE_SIZE;
    const items = this.#rows(
      `SELECT ${LINE} FROM contact ${where} ORDER BY name, id LIMIT ?3 OFFSET ?4`,
      like,
      least,
      PAGE_SIZE,
      offset,
    ).map(lineOf);
    const total = this.#number(
      `SELECT count(*) AS n FROM contact ${where}`,
      like,
      least,
    );
    return { items, limit: PAGE_SIZE, offset, total };
  }

  find(id: number): Contact | undefined {
    return this.#rows("SELECT * FROM contact WHERE id = ?", id).map(
      contactOf,
    )[0];
  }

  inCity(city: string, except: number): ContactLine[] {
    return this.#rows(
      `SELECT ${LINE} FROM contact WHERE city = ? AND id <> ? ORDER BY name LIMIT 6`,
      city,
      except,
    ).map(lineOf);
  }

  stats(): Stats {
    const total = this.#number("SELECT count(*) AS n FROM contact");
    const favourites = this.#number(
      "SELECT count(*) AS n FROM contact WHERE favourite = 1",
    );
    const cities = this.#rows(
      `SELECT city, count(*) AS n FROM contact WHERE city <> ''
      GROUP BY city ORDER BY n DESC, city LIMIT 6`,
    );
    return {
      total,
      favourites,
      cities: cities.map(({ city, n }) => ({
        city: String(city),
        count: Number(n),
      })),
    };
  }

  add(input: ContactInput): number {
    const values = FIELDS.map((field) => input[field]);
    const { lastInsertRowid } = this.#database.prepare(
      `INSERT INTO contact (${FIELDS.join(", ")}) VALUES (${FIELDS.map(() => "?").join(", ")})`,
    ).run(...values);
    return Number(lastInsertRowid);
  }

  change(id: number, input: ContactInput): void {
    const values = FIELDS.map((field) => input[field]);
    const fields = FIELDS.map((field) => `${field} = ?`).join(", ");
    this.#database.prepare(`UPDATE contact SET ${fields} WHERE id = ?`).run(
      ...values,
      id,
    );
  }

  toggleFavourite(id: number): void {
    this.#database.prepare(
      "UPDATE contact SET favourite = 1 - favourite WHERE id = ?",
    ).run(id);
  }

  remove(id: number): void {
    this.#database.prepare("DELETE FROM contact WHERE id = ?").run(id);
  }

  #fill(): void {
    this.#database.exec("BEGIN");
    for (const [index, sample] of SAMPLES.entries()) {
      const id = this.add(sample);
      if (index % 9 === 0) this.toggleFavourite(id);
    }
    this.#database.exec("COMMIT");
  }

  #rows(statement: string, ...values: (string | number)[]): Row[] {
    return this.#database.prepare(statement).all(...values) as Row[];
  }

  #number(statement: string, ...values: (string | number)[]): number {
    return Number(this.#rows(statement, ...values)[0]?.["n"]);
  }
}

function lineOf({ id, name, company, city, favourite }: Row): ContactLine {
  return {
    id: Number(id),
    name: String(name),
    company: String(company),
    city: String(city),
    isFavourite: favourite === 1,
  };
}

function contactOf(row: Row): Contact {
  const { email, phone, note } = row;
  return {
    ...lineOf(row),
    email: String(email),
    phone: String(phone),
    note: String(note),
  };
}
