// The app's own server, on web standards alone: `deno serve server.ts` or `bun server.ts` runs it without Vite.
const started = Date.now();

/** Server-sent events: the server's uptime in seconds, once a second. */
function ticks(): Response {
  let timer: ReturnType<typeof setInterval> | undefined;
  const events = new ReadableStream<string>({
    start(controller) {
      const tick = () =>
        controller.enqueue(`data: ${Math.round((Date.now() - started) / 1000)}\n\n`);
      tick();
      timer = setInterval(tick, 1000);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(events.pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

export default {
  fetch(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/time") return Response.json({ time: new Date().toISOString() });
    if (pathname === "/api/ticks") return ticks();
    return Response.json({ error: `There is nothing at ${pathname}` }, { status: 404 });
  },
};
