// The app answers every page, in the document of index.html.
export default { mode: "hybrid", ssrEntry: "src/ssr.tsx" };
