import { Link, usePage } from "@inertiajs/react";
import { type ReactNode, useEffect, useRef, useState } from "react";

export function Layout({ children }: { children: ReactNode }) {
  const { props } = usePage();
  return (
    <>
      <header className="bar">
        <Link href="/" className="brand">{props.app.name}</Link>
        <Link href="/contacts/new" className="button">New contact</Link>
      </header>
      <Flash />
      <main>{children}</main>
    </>
  );
}

/** What the server tells once; it goes by itself, and not when a part of the page is loaded. */
function Flash() {
  const { flash } = usePage();
  const [shown, setShown] = useState(flash.message);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (flash.message === undefined) return;
    setShown(flash.message);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(undefined), 4000);
  }, [flash]);
  return <p role="status" className="flash" hidden={shown === undefined}>{shown}</p>;
}
