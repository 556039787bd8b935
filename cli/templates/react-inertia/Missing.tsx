import { Head, Link } from "@inertiajs/react";
import type { Pages } from "../../pages";

export default function Missing({ path }/*+: Pages["Missing"]*/) {
  return (
    <main>
      <Head title="Nothing here" />
      <h1>Nothing here</h1>
      <p className="problem">There is no page at {path}.</p>
      <Link href="/">Home</Link>
    </main>
  );
}
