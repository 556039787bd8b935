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
  | "request";

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

  /** The status of our answer: 504 for a time-out, 400 for the client's own fault, else 502. */
  get status(): 400 | 502 | 504 {
    if (this.failure === "timeout") return 504;
    return this.failure === "request" ? 400 : 502;
  }
}
