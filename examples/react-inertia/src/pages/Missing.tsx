import { Head, Link } from "@inertiajs/react";

export default function Missing() {
  return (
    <section className="card narrow">
      <Head title="Nothing here" />
      <h1>There is nothing here</h1>
      <p>Somebody may have removed it.</p>
      <Link href="/" className="button">To the list</Link>
    </section>
  );
}
