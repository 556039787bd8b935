import { useCallback, useEffect, useRef, useState } from "react";
import { type Book, type BookList, call, type NewBook, type Shelf } from "./api.ts";
import { BookCard } from "./BookCard.tsx";
import { BookForm } from "./BookForm.tsx";
import { SHELVES } from "./shelves.ts";

const NOTHING: BookList = {
  books: [],
  summary: { counts: { next: 0, reading: 0, read: 0 }, pagesRead: 0 },
};

export function App() {
  const [shelf, setShelf] = useState<Shelf>();
  const [search, setSearch] = useState("");
  const [list, setList] = useState(NOTHING);
  const [problem, setProblem] = useState<string>();
  /** The book in the form; `new` is one that is not there yet. */
  const [edited, setEdited] = useState<Book | "new">();

  // Answers may overtake one another: the last question counts.
  const asked = useRef(0);
  const refresh = useCallback(async () => {
    const turn = ++asked.current;
    try {
      const found = await call("GET", "books.index", undefined, {
        shelf,
        search: search || undefined,
      });
      if (turn !== asked.current) return;
      setList(found);
      setProblem(undefined);
    } catch (error) {
      if (turn === asked.current) setProblem(String(error));
    }
  }, [shelf, search]);
  useEffect(() => void refresh(), [refresh]);

  const save = async (book: NewBook) => {
    if (edited === "new") await call("POST", "books.store", book);
    else if (edited !== undefined) {
      await call("PUT", "books.update", book, { id: edited.id });
    }
    setEdited(undefined);
    await refresh();
  };
  const remove = async ({ id, title }: Book) => {
    if (!confirm(`Remove “${title}”?`)) return;
    await call("DELETE", "books.destroy", undefined, { id }).catch((error) =>
      setProblem(String(error))
    );
    await refresh();
  };

  const { books, summary: { counts, pagesRead } } = list;
  const total = counts.next + counts.reading + counts.read;
  return (
    <main>
      <header>
        <div>
          <h1>Reading list</h1>
          <p id="summary">
            {counts.read} of {total} read, {pagesRead.toLocaleString("en")} pages
          </p>
        </div>
        <button type="button" className="main" onClick={() => setEdited("new")}>
          Add a book
        </button>
      </header>
      <div className="bar">
        <nav aria-label="Shelves">
          <ShelfTab
            label="All"
            count={total}
            isOn={!shelf}
            onClick={() => setShelf(undefined)}
          />
          {SHELVES.map(({ id, label }) => (
            <ShelfTab
              key={id}
              label={label}
              count={counts[id]}
              isOn={shelf === id}
              onClick={() => setShelf(id)}
            />
          ))}
        </nav>
        <input
          type="search"
          aria-label="Search"
          placeholder="Title or author"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {problem && <p role="alert">{problem}</p>}
      <ul id="books">
        {books.map((book) => (
          <BookCard
            key={book.id}
            book={book}
            onEdit={() => setEdited(book)}
            onRemove={() => void remove(book)}
          />
        ))}
      </ul>
      {books.length === 0 && !problem && (
        <p className="empty">
          No books here.
        </p>
      )}
      {edited && (
        <BookForm
          book={edited === "new" ? undefined : edited}
          onSave={save}
          onClose={() => setEdited(undefined)}
        />
      )}
    </main>
  );
}

interface ShelfTabProps {
  readonly label: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function ShelfTab({ label, count, isOn, onClick }: ShelfTabProps) {
  return (
    <button type="button" aria-pressed={isOn} onClick={onClick}>
      {label} <small>{count}</small>
    </button>
  );
}
