/** TanStack Start behind the port, in a real browser: pages, endpoints, forms, HMR, a restart, and what it builds. */
import { matrixFrameworkTests } from "../_support/framework_scenarios.ts";

const ROUTER = `import { createRouter } from "@tanstack/react-router";
import { routeTree } from "./routeTree.gen";
export const getRouter = () => createRouter({ routeTree });
`;

const ROOT =
  `import { createRootRoute, HeadContent, Outlet, Scripts } from "@tanstack/react-router";

function Root() {
  return (
    <html lang="en">
      <head><HeadContent /></head>
      <body><Outlet /><Scripts /></body>
    </html>
  );
}

export const Route = createRootRoute({ component: Root });
`;

const HOME = `import { apiFetch } from "@lv/sidecar/api";
import { createFileRoute } from "@tanstack/react-router";
import { createServerFn } from "@tanstack/react-start";
import { getRequest } from "@tanstack/react-start/server";
import { useState } from "react";

const getHello = createServerFn().handler(async () => {
  const response = await apiFetch(getRequest())("/api/hello");
  return await response.json() as { message: string };
});

function Home() {
  const { message } = Route.useLoaderData();
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>my-app</h1>
      <button type="button" id="count" onClick={() => setCount(count + 1)}>Count: {count}</button>
      <p id="hello">{message}</p>
    </main>
  );
}

export const Route = createFileRoute("/")({ loader: () => getHello(), component: Home });
`;

matrixFrameworkTests({
  name: "tanstack-start",
  source: {
    name: "tanstack-start",
    packages: {
      "@tanstack/react-router": "^1.169.0",
      "@tanstack/react-start": "1.169.5",
      "@vitejs/plugin-react": "^6.3.0",
      react: "^19.3.1",
      "react-dom": "^19.3.1",
      vite: "8.3.8",
    },
    files: {
      "vite.config.ts": `import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
export default defineConfig({ plugins: [tanstackStart(), react()] });
`,
      "src/router.tsx": ROUTER,
      "src/routes/__root.tsx": ROOT,
      "src/routes/index.tsx": HOME,
      "src/routes/ping.ts": `import { createFileRoute } from "@tanstack/react-router";
export const Route = createFileRoute("/ping")({
  server: { handlers: { GET: () => Response.json({ from: "TanStack Start" }) } },
});
`,
    },
  },
  page: "src/routes/index.tsx",
  keepsDocument: true,
  config: "vite.config.ts",
  from: "TanStack Start",
  echo: {
    "src/routes/echo.ts": `import { createFileRoute } from "@tanstack/react-router";
export const Route = createFileRoute("/echo")({
  server: {
    handlers: {
      POST: async ({ request }) => new Response(String((await request.formData()).get("word"))),
    },
  },
});
`,
  },
});
