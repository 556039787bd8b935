import { useEffect, useState } from "react";

export function Uptime() {
  const [seconds, setSeconds] = useState<string>();
  useEffect(() => {
    const source = new EventSource("/api/ticks");
    source.onmessage = (event) => setSeconds(event.data);
    source.onerror = () => setSeconds(undefined);
    return () => source.close();
  }, []);
  return (
    <article>
      <h2>Live</h2>
      <output id="uptime">{seconds === undefined ? "…" : `${seconds} s`}</output>
      <p className={seconds === undefined ? "status off" : "status"}>
        {seconds === undefined ? "waiting" : "connected"}
      </p>
      <p className="hint">
        How long the server has been up, one event a second from <code>/api/ticks</code>.
      </p>
    </article>
  );
}
