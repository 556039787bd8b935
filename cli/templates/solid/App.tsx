import { createResource, createSignal, ErrorBoundary, Suspense } from "solid-js";
import { fetchHello } from "./api";

export function App() {
  const [count, setCount] = createSignal(0);
  const [hello] = createResource(fetchHello);

  return (
    <main>
      <h1>__NAME__</h1>
      <button type="button" id="count" onClick={() => setCount(count() + 1)}>
        Count: {count()}
      </button>
      <ErrorBoundary
        fallback={(error) => <p id="hello" role="alert" class="problem">{error.message}</p>}
      >
        <Suspense fallback={<p id="hello" role="status">…</p>}>
          <p id="hello" role="status">{hello()?.message}</p>
        </Suspense>
      </ErrorBoundary>
    </main>
  );
}
