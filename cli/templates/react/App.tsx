import { useEffect, useState } from "react";
import { fetchHello } from "./api";

export function App() {
  const [count, setCount] = useState(0);
  const [hello, setHello] = useState("…");
  const [problem, setProblem] = useState("");

  useEffect(() => {
    fetchHello().then(({ message }) => setHello(message), (error) => setProblem(error.message));
  }, []);

  return (
    <main>
      <h1>__NAME__</h1>
      <button type="button" id="count" onClick={() => setCount(count + 1)}>Count: {count}</button>
      {problem === ""
        ? <p id="hello" role="status">{hello}</p>
        : <p id="hello" role="alert" className="problem">{problem}</p>}
    </main>
  );
}
