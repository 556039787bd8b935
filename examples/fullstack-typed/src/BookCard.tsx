import type { Book } from "./api.ts";
import { SHELVES } from "./shelves.ts";

interface BookCardProps {
  readonly book: Book;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

export function BookCard({ book, onEdit, onRemove }: BookCardProps) {
  const { title, author, pages, shelf, rating, note } = book;
  return (
    <li>
      <div
        className="cover"
        style={{ "--hue": hueOf(author) }}
        aria-hidden="true"
      >
        <span>{title}</span>
      </div>
      <div className="facts">
        <h2>{title}</h2>
        <p>{author}</p>
        <p className="pages">{pages.toLocaleString("en")} pages</p>
        {rating > 0 && (
          <p className="stars" role="img" aria-label={`${rating} of 5 stars`}>
            {"★".repeat(rating)}
            <span>{"★".repeat(5 - rating)}</span>
          </p>
        )}
        {note && <p className="note">{note}</p>}
        <footer>
          <span className={`shelf ${shelf}`}>
            {SHELVES.find(({ id }) => id === shelf)?.label}
          </span>
          <button type="button" onClick={onEdit}>Edit</button>
          <button type="button" onClick={onRemove}>Remove</button>
        </footer>
      </div>
    </li>
  );
}

/** The covers of one author look alike. */
function hueOf(text: string): number {
  return [...text].reduce(
    (sum, letter) => sum + (letter.codePointAt(0) ?? 0) * 7,
    0,
  ) % 360;
}
