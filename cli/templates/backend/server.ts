// The server, on web standards alone.
export default {
  fetch(request/*+: Request*/) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/hello") return Response.json({ message: "Hello from __RUNTIME__" });
    return Response.json({ error: `There is nothing at ${pathname}` }, { status: 404 });
  },
};
