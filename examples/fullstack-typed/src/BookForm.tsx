import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type Book, type FieldErrors, type NewBook, Refused } from "./api.ts";
import { SHELVES } from "./shelves.ts";

interface BookFormProps {
  readonly book: Book | undefined;
  /** Throws {@linkcode Refused} if the server finds fault with a field. */
  readonly onSave: (book: NewBook) => Promise<void>;
  readonly onClose: () => void;
}

const EMPTY: NewBook = {
  title: "",
  author: "",
  pages: 0,
  shelf: "next",
  rating: 0,
  note: "",
};

/** The server alone knows what a book may be: what it says of a field stands at the field. */
export function BookForm({ book, onSave, onClose }: BookFormProps) {
  const [draft, setDraft] = useState<NewBook>(() => book ?? EMPTY);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<string>();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const set = <Field extends keyof NewBook>(
    field: Field,
    value: NewBook[Field],
  ) => {
    setDraft({ ...draft, [field]: value });
    setErrors({ ...errors, [field]: [] });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const { title, author, pages, shelf, rating, note } = draft;
      await onSave({ title, author, pages, shelf, rating, note });
    } catch (error) {
      if (error instanceof Refused) setErrors(error.errors);
      else setProblem(String(error));
    }
  };

  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="form-title">
      <form onSubmit={submit} noValidate>
        <h2 id="form-title">{book ? "Change the book" : "Add a book"}</h2>
        <Field name="title" label="Title" errors={errors}>
          <input
            id="title"
            autoComplete="off"
            value={draft.title}
            onChange={(event) => set("title", event.target.value)}
          />
        </Field>
        <Field name="author" label="Author" errors={errors}>
          <input
            id="author"
            autoComplete="off"
            value={draft.author}
            onChange={(event) => set("author", event.target.value)}
          />
        </Field>
        <div className="row">
          <Field name="pages" label="Pages" errors={errors}>
            <input
              id="pages"
              type="number"
              value={draft.pages || ""}
              onChange={(event) => set("pages", event.target.valueAsNumber)}
            />
          </Field>
          <Field name="shelf" label="Shelf" errors={errors}>
            <select
              id="shelf"
              value={draft.shelf}
              onChange={({ target }) => set("shelf", SHELVES[target.selectedIndex]!.id)}
            >
              {SHELVES.map(({ id, label }) => <option key={id} value={id}>{label}</option>)}
            </select>
          </Field>
          <Field name="rating" label="Rating" errors={errors}>
            <select
              id="rating"
              value={draft.rating}
              onChange={(event) => set("rating", Number(event.target.value))}
            >
              {[0, 1, 2, 3, 4, 5].map((stars) => (
                <option key={stars} value={stars}>
                  {"★".repeat(stars) || "none"}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <Field name="note" label="Note" errors={errors}>
          <textarea
            id="note"
            rows={3}
            value={draft.note}
            onChange={(event) => set("note", event.target.value)}
          />
        </Field>
        {problem && <p role="alert">{problem}</p>}
        <footer>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="main">Save</button>
        </footer>
      </form>
    </dialog>
  );
}

interface FieldProps {
  readonly name: keyof NewBook;
  readonly label: string;
  readonly errors: FieldErrors;
  readonly children: ReactNode;
}

function Field({ name, label, errors, children }: FieldProps) {
  const messages = errors[name] ?? [];
  return (
    <div className="field" data-wrong={messages.length > 0}>
      <label htmlFor={name}>{label}</label>
      {children}
      {messages.length > 0 && <p className="error" role="alert">{messages.join(" ")}</p>}
    </div>
  );
}
