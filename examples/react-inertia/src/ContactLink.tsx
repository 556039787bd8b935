import { Link } from "@inertiajs/react";
import type { ContactLine } from "../pages.ts";
import { Avatar } from "./Avatar.tsx";

/** A line of a list. Whoever points at it has its page already when they click. */
export function ContactLink({ contact }: { contact: ContactLine }) {
  const { id, name, company, city, isFavourite } = contact;
  return (
    <Link href={`/contacts/${id}`} className="line" prefetch cacheFor="5s">
      <Avatar name={name} />
      <span className="who">
        <strong>{name}</strong>
        <small>
          {[company, city].filter((text) => text !== "").join(" · ") || "—"}
        </small>
      </span>
      {isFavourite && <span className="star" title="Favourite">★</span>}
    </Link>
  );
}
