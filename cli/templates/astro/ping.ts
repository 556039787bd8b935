/** An endpoint of Astro's own, beside those of the server. */
export function GET()/*+: Response*/ {
  return Response.json({ from: "Astro" });
}
