/**
 * The path of a module in a project without TypeScript.
 *
 * @module
 */

/** Case: src/App.tsx -> src/App.jsx, server.ts -> server.js, src/App.vue -> src/App.vue */
export function scriptPath(path: string): string {
  return path.replace(/\.ts(x?)$/, ".js$1");
}
