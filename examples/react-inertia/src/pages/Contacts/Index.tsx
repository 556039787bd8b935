import { Deferred, Head, InfiniteScroll, Link, router } from "@inertiajs/react";
import { useEffect, useRef } from "react";
import type { Stats } from "../../../pages.ts";
import { ContactLink } from "../../ContactLink.tsx";
import type { PropsOf } from "../../inertia.ts";

const LISTS = { all: "All", favourites: "Favourites" } as const;

export default function Index(
  { contacts, search, list, stats }: PropsOf<"Contacts/Index">,
) {
  return (
    <div className="columns">
      <Head title="Everybody" />
      <section className="card list">
        <Search value={search} list={list} />
        <nav className="tabs">
          {Object.entries(LISTS).map(([name, text]) => (
            <Link
              key={name}
              href="/"
              data={name === "all" ? {} : { list: name }}
              aria-current={name === list}
            >
              {text}
            </Link>
          ))}
        </nav>
        {contacts.length === 0 && (
          <p className="empty">
            Nobody is called that
          </p>
        )}
        <InfiniteScroll data="contacts" buffer={400} id="contacts">
          {contacts.map((contact) => <ContactLink key={contact.id} contact={contact} />)}
        </InfiniteScroll>
      </section>
      <aside className="card">
        <h2>At a glance</h2>
        <Deferred data="stats" fallback={<p className="empty">Counting…</p>}>
          {stats && <StatsView stats={stats} />}
        </Deferred>
      </aside>
    </div>
  );
}

/** Each word that is typed is looked for, without a visit of its own in the history. */
function Search({ value, list }: { value: string; list: string }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = (search: string): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      router.get("/", {
        ...(search === "" ? {} : { search }),
        ...(list === "all" ? {} : { list }),
      }, {
        only: ["contacts", "search"],
        reset: ["contacts"],
        preserveState: true,
        replace: true,
      });
    }, 200);
  };
  return (
    <input
      type="search"
      name="search"
      aria-label="Search"
      placeholder="Name, company or city"
      defaultValue={value}
      onChange={({ target }) => look(target.value)}
    />
  );
}

function StatsView({ stats: { total, favourites, cities } }: { stats: Stats }) {
  const most = Math.max(1, ...cities.map(({ count }) => count));
  return (
    <>
      <dl className="numbers">
        <div>
          <dt>contacts</dt>
          <dd id="total">{total}</dd>
        </div>
        <div>
          <dt>favourites</dt>
          <dd>{favourites}</dd>
        </div>
      </dl>
      <ul className="bars">
        {cities.map(({ city, count }) => (
          <li key={city}>
            <Link href="/" data={{ search: city }}>{city}</Link>
            <meter max={most} value={count}>{count}</meter>
            <span>{count}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
