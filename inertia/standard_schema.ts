/**
 * Standard Schema: the interface that validators of any library have (https://standardschema.dev).
 *
 * @module
 */

/** A validator: zod's, valibot's, arktype's, or one of one's own. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** What every library agrees on. */
  readonly "~standard": {
    /** The version of the interface. */
    readonly version: 1;
    /** The library. */
    readonly vendor: string;
    /** Validates a value. */
    readonly validate: (
      value: unknown,
    ) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** For the type checker alone. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a validator says: a value, or what is wrong. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong. */
export interface StandardIssue {
  /** What is wrong, in words. */
  readonly message: string;
  /** Where: keys, or objects that have one. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
