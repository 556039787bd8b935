// The routes are the router, the OpenAPI document and the types of the front end.
import { defineRoutes } from "@lv/sidecar/routes";
import { z } from "zod";

const Hello = z.object({ message: z.string() }).meta({ id: "Hello" });

export const routes = defineRoutes({
  hello: { path: "/api/hello", response: Hello },
});

export default routes.serve({
  hello: () => ({ message: "Hello from __RUNTIME__" }),
});
