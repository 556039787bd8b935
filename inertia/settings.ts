/**
 * The options of the server side, resolved.
 *
 * @module
 */
import { DEFAULT_TEMPLATE, type DocumentRenderer, parseTemplate } from "./document.ts";
import type { InertiaOptions, Version } from "./options.ts";

/** Options that are asked as they are. */
type Optional = "session" | "ssr" | "share" | "url" | "transformComponent" | "nonce";

/** The resolved options, with every default. */
export interface Settings extends Pick<InertiaOptions, Optional> {
  /** Makes the document. */
  readonly document: DocumentRenderer;
  /** The version, if it is the same for all. */
  readonly version: string | ((request: Request) => Version | Promise<Version>);
  /** The id of the root element. */
  readonly rootId: string;
  /** Whether pages list the keys of shared props. */
  readonly exposeSharedPropKeys: boolean;
  /** Whether fields have all their messages. */
  readonly allErrors: boolean;
  /** Whether the browser encrypts pages in its history. */
  readonly encryptHistory: boolean | ((request: Request) => boolean);
  /** The version of the protocol. */
  readonly protocol: 2 | 3;
  /** Whether the page stands in an attribute. */
  readonly legacyDataPage: boolean;
  /** Whether flash is in the props too. */
  readonly mirrorFlash: boolean;
  /** Whether forwarded fields are believed. */
  readonly trustProxy: boolean;
  /** How long props may take. */
  readonly propTimeoutMs: number;
  /** Told of errors that are not thrown. */
  readonly report: NonNullable<InertiaOptions["report"]>;
  /** The time. */
  readonly now: () => number;
}

/** What the program has, and a pure function does not. */
export type SettingsDefaults = Pick<Settings, "report" | "now">;

/** CSS selectors and attributes take it as it is. */
const ROOT_ID_REGEXP = /^[A-Za-z][\w:.-]*$/;

/**
 * Resolves options.
 *
 * @throws {TypeError} If the id is none, the version can't be sent, or the template has no place for a page.
 */
export function resolveSettings(options: InertiaOptions, defaults: SettingsDefaults): Settings {
  const { page = DEFAULT_TEMPLATE, version, rootId = "app", report, now } = options;
  if (!ROOT_ID_REGEXP.test(rootId)) {
    throw new TypeError(
      `Cannot use ${
        JSON.stringify(rootId)
      } as the id of the root element: it is no name of ASCII letters`,
    );
  }
  return {
    session: options.session,
    ssr: options.ssr,
    share: options.share,
    url: options.url,
    transformComponent: options.transformComponent,
    nonce: options.nonce,
    document: typeof page === "string" ? parseTemplate(page, rootId) : page,
    version: typeof version === "function" ? version : versionText(version),
    rootId,
    exposeSharedPropKeys: options.exposeSharedPropKeys ?? true,
    allErrors: options.allErrors ?? false,
    encryptHistory: options.encryptHistory ?? false,
    protocol: options.protocol ?? 3,
    legacyDataPage: options.legacyDataPage ?? false,
    mirrorFlash: options.mirrorFlash ?? false,
    trustProxy: options.trustProxy ?? false,
    propTimeoutMs: options.propTimeoutMs ?? 30_000,
    report: report ?? defaults.report,
    now: now ?? defaults.now,
  };
}

/**
 * A version as it is compared and sent: a text, for 1 is not "1".
 *
 * @throws {TypeError} If a field can't have it.
 */
export function versionText(version: Version): string {
  const text = String(version ?? "").trim();
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  throw new TypeError(
    `Cannot use ${JSON.stringify(text)} as the version: it is not of visible ASCII characters`,
  );
}
