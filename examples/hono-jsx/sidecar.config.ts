// Every page is the app's; below /static/ are Vite's sources, and in production what was built of them.
export default { mode: "template", assetUrl: "/static/" };
