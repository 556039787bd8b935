/**
 * Our front, with the options of `createSidecar`.
 *
 * @module
 */
import { createSidecar, type SidecarOptions } from "../../../mod.ts";
import { announce, readOptions } from "./control.ts";
import { hello } from "./hello.ts";

const options = readOptions<SidecarOptions>();
const sidecar = await createSidecar({ host: "127.0.0.1", port: 0, ...options });
const server = sidecar.serve(options.backend === undefined ? hello : undefined);
await sidecar.ready();
announce(server.port, {}, () => sidecar.close());
