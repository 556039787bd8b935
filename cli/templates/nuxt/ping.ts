/** An endpoint of Nuxt's own, beside those of the server. */
export default defineEventHandler(() => ({ from: "Nuxt" }));
