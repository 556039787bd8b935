// Every page is the app's; Vite has what is below /static/.
export default { base: "/static/" };
