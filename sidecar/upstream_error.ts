/**
 * What can go wrong between us and an upstream.
 *
 * @module
 */

/** Why an exchange with an upstream failed. */
export type UpstreamFailure =
  /** Nobody listens, or the name is unknown. */
  | "connect"
  /** No connection, head or next byte in time. */
  | "timeout"
  /** The connection ended too early. */
  | "reset"
  /** What came back is not HTTP, or contradicts itself. */
  | "protocol"
  /** The client went away. */
  | "aborted"
  /** The client's body is not what its head announced. */
  | "request"
  /** The client stopped sending its body. */
  | "stalled";

/** An exchange with an upstream failed. */
export class UpstreamError extends Error {
  /** Why. */
  readonly failure: UpstreamFailure;

  /** Makes the error; the message is for logs, never for a remote peer. */
  constructor(failure: UpstreamFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UpstreamError";
    this.failure = failure;
  }

  /** The status of our answer: 504 for a time-out, 400 or 408 for the client's own fault, else 502. */
  get status(): 400 | 408 | 502 | 504 {
    switch (this.failure) {
      case "timeout":
        return 504;
      case "request":
        return 400;
      case "stalled":
        return 408;
      default:
        return 502;
    }
  }
}

/** Whether the client is to blame, and nobody behind the port. */
export function isClientsFault({ failure }: UpstreamError): boolean {
  return failure === "request" || failure === "stalled";
}
