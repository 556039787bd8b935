import { fetchHello } from "#lib/api.__X__";

/** Runs on the server for the first page, and in the browser from then on. */
export const load = ({ fetch }/*+: { fetch: typeof globalThis.fetch }*/) => fetchHello(fetch);
