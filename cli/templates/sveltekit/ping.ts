/** An endpoint of SvelteKit's own, beside those of the server. */
export function GET()/*+: Response*/ {
  return Response.json({ from: "SvelteKit" });
}
