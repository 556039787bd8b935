import { Head, Link } from "@inertiajs/react";
import type { Pages } from "../../pages";

export default function About({ template }/*+: Pages["About"]*/) {
  return (
    <main>
      <Head title="About" />
      <h1>About</h1>
      <p>Made from the template {template}.</p>
      <Link href="/">Home</Link>
    </main>
  );
}
