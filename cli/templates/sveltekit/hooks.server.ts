// What pages ask while they are rendered goes straight to the server.
export { handleFetch } from "@lv/sidecar/api";
