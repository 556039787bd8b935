import { Counter } from "./Counter.tsx";
import { ServerTime } from "./ServerTime.tsx";
import { Uptime } from "./Uptime.tsx";

export function App() {
  return (
    <main>
      <header>
        <p className="port">{location.host}</p>
        <h1>One port for everything</h1>
        <p>
          This page, its hot updates and the API behind it come from the same address. Open a file,
          change it, save it.
        </p>
      </header>
      <section className="cards">
        <Counter />
        <ServerTime />
        <Uptime />
      </section>
      <footer>
        React and Vite, with <code>server.ts</code> answering under <code>/api</code>
      </footer>
    </main>
  );
}
