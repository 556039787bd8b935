/**
 * The form of a conformance case: what is asked, what the server does, what is expected.
 *
 * The notation is explained in `tests/conformance/README.md`.
 *
 * @module
 */

/** A file of cases. */
export interface CaseFile {
  readonly format: string;
  /** The time at which all cases happen. */
  readonly clock?: string;
  /** The base of all addresses. */
  readonly origin?: string;
  readonly cases: readonly InertiaCase[];
}

/** What one request leaves for the next. */
export interface CaseState {
  readonly flash?: Readonly<Record<string, unknown>>;
  readonly errors?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly clearHistory?: boolean;
  readonly preserveFragment?: boolean;
}

/** Values, and nodes with a `$` that stand for props. */
export type PropNotation = unknown;

/** What a handler answers that renders nothing. */
export interface CaseRespond {
  readonly redirect?: string;
  readonly location?: string;
  readonly empty?: boolean;
  readonly text?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The SSR server of a case, and what it answers. */
export interface CaseSsr {
  readonly url?: string;
  readonly hot?: string;
  readonly except?: readonly string[];
  readonly disabled?: boolean;
  readonly throwOnError?: boolean;
  readonly mock: {
    readonly status?: number;
    readonly json?: unknown;
    readonly text?: string;
    readonly error?: string;
    readonly delayMs?: number;
  };
}

/** How the server is configured, and what its handler does. */
export interface CaseOptions {
  readonly version?: string | number | null;
  readonly versionFn?: PropNotation;
  readonly rootId?: string;
  readonly url?: string;
  readonly trustProxy?: boolean;
  readonly transformComponent?: string;
  readonly status?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly exposeSharedPropKeys?: boolean;
  readonly encryptHistoryDefault?: boolean;
  readonly encryptHistory?: boolean;
  readonly clearHistory?: boolean;
  readonly preserveFragment?: boolean;
  readonly flash?: Readonly<Record<string, unknown>>;
  readonly allErrors?: boolean;
  readonly protocol?: 2 | 3;
  readonly legacyDataPage?: boolean;
  readonly respond?: CaseRespond;
  readonly ssr?: CaseSsr;
  readonly validate?: { readonly result: Readonly<Record<string, readonly string[]>> };
}

/** What is expected; what is not there is not looked at. */
export interface CaseExpectation {
  readonly status?: number;
  /** A value that starts with `^` is the start of the field's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly absentHeaders?: readonly string[];
  readonly body?: string;
  readonly bodyContains?: readonly string[];
  readonly bodyExcludes?: readonly string[];
  readonly json?: unknown;
  readonly page?: unknown;
  readonly absent?: readonly string[];
  readonly calls?: Readonly<Record<string, number>>;
  readonly reported?: readonly string[];
  readonly session?: Readonly<Record<string, unknown>>;
  readonly ssr?: Readonly<Record<string, unknown>>;
  readonly handlerRuns?: boolean;
  readonly throws?: string;
}

/** A case. */
export interface InertiaCase {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly given?: CaseState;
  readonly route: {
    readonly component?: string;
    readonly props?: PropNotation;
    readonly shared?: PropNotation;
    readonly options?: CaseOptions;
  };
  readonly expect: CaseExpectation;
}

/** What was observed when a case was served. */
export interface Observation {
  readonly status: number;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly page?: unknown;
  /** How often each spy was called. */
  readonly calls?: Readonly<Record<string, number>>;
  /** Messages that were reported. */
  readonly reported?: readonly string[];
  /** What the next request would see. */
  readonly session?: Readonly<Record<string, unknown>>;
  readonly ssr?: Readonly<Record<string, unknown>>;
  readonly handlerRuns?: boolean;
  /** The message of the error, if the render rejected. */
  readonly throws?: string;
}
