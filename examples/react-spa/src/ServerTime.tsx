import { useEffect, useState } from "react";

async function fetchTime(): Promise<string> {
  const response = await fetch("/api/time");
  if (!response.ok) throw new Error(`The server says ${response.status}`);
  const { time } = await response.json() as { time: string };
  return new Date(time).toLocaleTimeString();
}

export function ServerTime() {
  const [time, setTime] = useState("…");
  const ask = () => {
    fetchTime().then(setTime, (error: Error) => setTime(error.message));
  };
  useEffect(ask, []);
  return (
    <article>
      <h2>API</h2>
      <output id="time">{time}</output>
      <button type="button" id="ask" onClick={ask}>Ask again</button>
      <p className="hint">
        The time on the server, fetched from <code>/api/time</code>.
      </p>
    </article>
  );
}
