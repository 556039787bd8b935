// Every page is the app's; below /static/ are Vite's sources, and in production what was built of them.
export default {
  mode: "template",
  assetUrl: "/static/",
  // The scripts of the pages find them in window.__LV_ROUTES__.
  routes: { guests: "/guests" },
};
