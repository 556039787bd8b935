import { useState } from "react";

export function Counter() {
  const [count, setCount] = useState(0);
  return (
    <article>
      <h2>Counter</h2>
      <output id="count">{count}</output>
      <button type="button" id="increment" onClick={() => setCount(count + 1)}>Count up</button>
      <p className="hint">
        Count to three, then change this text in <code>src/Counter.tsx</code>. The three stays.
      </p>
    </article>
  );
}
