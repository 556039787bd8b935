import { Head, Link, router, WhenVisible } from "@inertiajs/react";
import { Avatar } from "../../Avatar.tsx";
import { ContactLink } from "../../ContactLink.tsx";
import type { PropsOf } from "../../inertia.ts";

export default function Show(
  { contact, neighbours }: PropsOf<"Contacts/Show">,
) {
  const { id, name, company, city, email, phone, note, isFavourite } = contact;
  const remove = (): void => {
    if (confirm(`Remove ${name}?`)) router.delete(`/contacts/${id}`);
  };
  return (
    <div className="narrow">
      <Head title={name} />
      <article className="card">
        <header className="person">
          <Avatar name={name} isLarge />
          <div>
            <h1>{name}</h1>
            <p>{company || "No company"}</p>
          </div>
          <button
            type="button"
            className="star-button"
            aria-pressed={isFavourite}
            aria-label="Favourite"
            onClick={() =>
              router.post(`/contacts/${id}/favourite`, {}, {
                preserveScroll: true,
              })}
          >
            {isFavourite ? "★" : "☆"}
          </button>
        </header>
        <dl className="facts">
          <dt>E-mail</dt>
          <dd>
            {email === "" ? "—" : <a href={`mailto:${email}`}>{email}</a>}
          </dd>
          <dt>Phone</dt>
          <dd>{phone || "—"}</dd>
          <dt>City</dt>
          <dd>{city || "—"}</dd>
          <dt>Note</dt>
          <dd className="note">{note || "—"}</dd>
        </dl>
        <footer className="actions">
          <Link href={`/contacts/${id}/edit`} className="button">Edit</Link>
          <button type="button" className="quiet" onClick={remove}>
            Remove
          </button>
        </footer>
      </article>
      {city !== "" && (
        <section className="card">
          <h2>Also in {city}</h2>
          <WhenVisible
            data="neighbours"
            fallback={<p className="empty">Looking around…</p>}
          >
            {neighbours?.map((each) => <ContactLink key={each.id} contact={each} />)}
            {neighbours?.length === 0 && <p className="empty">Nobody else</p>}
          </WhenVisible>
        </section>
      )}
    </div>
  );
}
