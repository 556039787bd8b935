/**
 * A connection that outlives one exchange.
 *
 * @module
 */
import type { Connection } from "../runtime/types.ts";

/** A connection that notices, while idle, that the upstream closed it. */
export class PooledConnection {
  readonly connection: Connection;
  #ahead: Promise<Uint8Array | null> | undefined;
  idle = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  read(sizeHint?: number): Promise<Uint8Array | null> {
    const ahead = this.#ahead;
    if (ahead === undefined) return this.connection.read(sizeHint);
    this.#ahead = undefined;
    return ahead;
  }

  /**
   * Reads ahead while idle: an end is seen before the next request is written into it, and bytes that nobody
   * asked for never become the next client's answer.
   */
  watch(onDead: (connection: PooledConnection) => void): void {
    this.idle = true;
    const ahead = this.connection.read();
    this.#ahead = ahead;
    const settled = (): void => {
      if (this.idle) onDead(this);
    };
    ahead.then(settled, settled);
  }
}
