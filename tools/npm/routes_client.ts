export * from "../../routes/client.ts";
