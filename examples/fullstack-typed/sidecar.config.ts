// `dev` and `build` generate src/generated from the table of server.ts.
export default { entry: "server.ts", types: true };
