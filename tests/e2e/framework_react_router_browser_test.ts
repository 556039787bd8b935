/** React Router behind the port, in a real browser: pages, endpoints, forms, HMR, a restart, and what it builds. */
import { matrixFrameworkTests } from "../_support/framework_scenarios.ts";

const ROUTES = `import { index, route } from "@react-router/dev/routes";
export default [
  index("routes/home.tsx"),
  route("ping", "routes/ping.ts"),
  route("echo", "routes/echo.ts"),
];
`;

const ROOT = `import { Links, Meta, Outlet, Scripts } from "react-router";
export default function Root() {
  return (
    <html lang="en">
      <head><meta charSet="utf-8" /><Meta /><Links /></head>
      <body><Outlet /><Scripts /></body>
    </html>
  );
}
`;

const HOME = `import { apiFetch } from "@lv/sidecar/api";
import { useState } from "react";
import { useLoaderData } from "react-router";

export async function loader({ request }: { request: Request }) {
  const response = await apiFetch(request)("/api/hello");
  return await response.json() as { message: string };
}

export default function Home() {
  const { message } = useLoaderData<typeof loader>();
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>my-app</h1>
      <button type="button" id="count" onClick={() => setCount(count + 1)}>Count: {count}</button>
      <p id="hello">{message}</p>
    </main>
  );
}
`;

matrixFrameworkTests({
  name: "react-router",
  source: {
    name: "react-router",
    packages: {
      "@react-router/dev": "8.4.0",
      "@react-router/node": "8.4.0",
      "react-router": "8.4.0",
      isbot: "^5.1.0",
      react: "^19.3.1",
      "react-dom": "^19.3.1",
      typescript: "~6.0.3",
      vite: "8.3.8",
    },
    files: {
      "vite.config.ts": `import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";
export default defineConfig({ plugins: [reactRouter()] });
`,
      "app/routes.ts": ROUTES,
      "app/root.tsx": ROOT,
      "app/routes/home.tsx": HOME,
      "app/routes/ping.ts":
        `export const loader = () => Response.json({ from: "React Router" });\n`,
    },
  },
  page: "app/routes/home.tsx",
  keepsDocument: true,
  config: "vite.config.ts",
  from: "React Router",
  echo: {
    "app/routes/echo.ts": `export async function action({ request }: { request: Request }) {
  return new Response(String((await request.formData()).get("word")));
}
`,
  },
});
