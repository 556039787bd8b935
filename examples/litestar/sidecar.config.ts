// `dev` generates src/generated from the backend's OpenAPI document, and asks for it again when a file of it changes.
export default { types: { watch: "*.py" } };
