import { Head, Link } from "@inertiajs/react";
import { useState } from "react";
import type { Pages } from "../../pages";

export default function Home({ message }/*+: Pages["Home"]*/) {
  const [count, setCount] = useState(0);
  return (
    <main>
      <Head title="Home" />
      <h1>__NAME__</h1>
      <button type="button" id="count" onClick={() => setCount(count + 1)}>Count: {count}</button>
      <p id="hello">{message}</p>
      <Link href="/about" id="about">About</Link>
    </main>
  );
}
