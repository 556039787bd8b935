// The recipes and their photos, in SQLite. Deno and Bun both have node:sqlite.
import { DatabaseSync } from "node:sqlite";
import { SAMPLES } from "./samples.ts";

export interface Ingredient {
  readonly amount: number;
  readonly unit: string;
  readonly name: string;
}

/** A recipe as a list shows it. */
export interface RecipeCard {
  readonly id: number;
  readonly title: string;
  readonly kind: string;
  readonly minutes: number;
  /** The address of its photo. */
  readonly photo: string | null;
}

export interface Recipe extends RecipeCard {
  readonly servings: number;
  readonly ingredients: readonly Ingredient[];
  readonly steps: string;
}

/** What somebody writes. */
export type RecipeInput = Omit<Recipe, "id" | "photo">;

type Row = Record<string, unknown>;
type Value = string | number | null | Uint8Array;

const PAGE_SIZE = 12;
const CARD = "id, title, kind, minutes, photo_type";

export class Recipes {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // A second process that writes waits, and readers do not.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 1000;",
    );
    this.#database.exec(`CREATE TABLE IF NOT EXISTS recipe (
      id INTEGER PRIMARY KEY,
      title TEXT NOT NULL,
      kind TEXT NOT NULL,
      minutes INTEGER NOT NULL,
      servings INTEGER NOT NULL,
      ingredients TEXT NOT NULL,
      steps TEXT NOT NULL,
      photo_type TEXT,
      photo BLOB
    ) STRICT`);
    if (this.#rows("SELECT id FROM recipe LIMIT 1").length === 0) {
      this.#database.exec("BEGIN");
      for (const sample of SAMPLES) this.add(sample);
      this.#database.exec("COMMIT");
    }
  }

  list(kind: string, page: number) {
    const where = "WHERE ?1 = '' OR kind = ?1";
    const offset = (page - 1) * PAGE_SIZE;
    const items = this.#rows(
      `SELECT ${CARD} FROM recipe ${where} ORDER BY id DESC LIMIT ?2 OFFSET ?3`,
      kind,
      PAGE_SIZE,
      offset,
    ).map(cardOf);
    const [{ n }] = this.#rows(
      `SELECT count(*) AS n FROM recipe ${where}`,
      kind,
    ) as [Row];
    return { items, limit: PAGE_SIZE, offset, total: Number(n) };
  }

  kinds(): { kind: string; count: number }[] {
    return this.#rows(
      "SELECT kind, count(*) AS n FROM recipe GROUP BY kind ORDER BY kind",
    )
      .map(({ kind, n }) => ({ kind: String(kind), count: Number(n) }));
  }

  find(id: number): Recipe | undefined {
    return this.#rows("SELECT * FROM recipe WHERE id = ?", id).map(recipeOf)[0];
  }

  /** Others of the kind. */
  like({ id, kind }: RecipeCard): RecipeCard[] {
    return this.#rows(
      `SELECT ${CARD} FROM recipe WHERE kind = ? AND id <> ? ORDER BY minutes LIMIT 3`,
      kind,
      id,
    ).map(cardOf);
  }

  photo(
    id: number,
  ): { type: string; bytes: Uint8Array<ArrayBuffer> } | undefined {
    const [row] = this.#rows(
      "SELECT photo_type, photo FROM recipe WHERE id = ?",
      id,
    );
    const bytes = row?.["photo"];
    if (!(bytes instanceof Uint8Array)) return undefined;
    return { type: String(row?.["photo_type"]), bytes: new Uint8Array(bytes) };
  }

  add(
    { title, kind, minutes, servings, ingredients, steps }: RecipeInput,
  ): number {
    return this.#run(
      `INSERT INTO recipe (title, kind, minutes, servings, ingredients, steps)
        VALUES (?, ?, ?, ?, ?, ?)`,
      title,
      kind,
      minutes,
      servings,
      JSON.stringify(ingredients),
      steps,
    );
  }

  setPhoto(id: number, type: string, bytes: Uint8Array): void {
    this.#run(
      "UPDATE recipe SET photo_type = ?, photo = ? WHERE id = ?",
      type,
      bytes,
      id,
    );
  }

  remove(id: number): void {
    this.#run("DELETE FROM recipe WHERE id = ?", id);
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

function cardOf(row: Row): RecipeCard {
  const id = Number(row["id"]);
  return {
    id,
    title: String(row["title"]),
    kind: String(row["kind"]),
    minutes: Number(row["minutes"]),
    photo: row["photo_type"] === null ? null : `/photos/${id}`,
  };
}

function recipeOf(row: Row): Recipe {
  return {
    ...cardOf(row),
    servings: Number(row["servings"]),
    ingredients: JSON.parse(String(row["ingredients"])),
    steps: String(row["steps"]),
  };
}
