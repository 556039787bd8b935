/**
 * The bridged sockets that are alive, so that they can be closed together.
 *
 * @module
 */

/** Ends one bridge: with this code towards the browser. */
export type CloseBridge = (code: number, reason: string) => void;

/** A register of bridges; one for each upstream whose end shall end its sockets. */
export interface Bridges {
  /** How many are alive, those whose handshake is under way included. */
  readonly size: number;
  /** Registers a bridge; returns what takes it out again. */
  add(close: CloseBridge): () => void;
  /**
   * Closes all: with 1001 when we stop, with 1012 when the upstream is gone and will be back.
   *
   * @returns When all are gone. Each one that does not finish its closing handshake is cut, so this ends.
   */
  closeAll(code: number, reason: string): Promise<void>;
}

/** Makes an empty register. */
export function createBridges(): Bridges {
  const members = new Set<CloseBridge>();
  const waiting: (() => void)[] = [];
  return {
    get size() {
      return members.size;
    },
    add(close) {
      members.add(close);
      return () => {
        members.delete(close);
        if (members.size === 0) { for (const resolve of waiting.splice(0)) resolve(); }
      };
    },
    async closeAll(code, reason) {
      if (members.size === 0) return;
      const gone = new Promise<void>((resolve) => waiting.push(resolve));
      for (const close of [...members]) close(code, reason);
      await gone;
    },
  };
}
