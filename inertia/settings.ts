/**
 * The options of the server side, resolved.
 *
 * @module
 */
import { type CsrfRule, csrfRule } from "./csrf_rule.ts";
import {
  DEFAULT_TEMPLATE,
  type DocumentRenderer,
  type DocumentSource,
  parseTemplate,
} from "./document.ts";
import type { InertiaOptions, Version } from "./options.ts";
import type { InertiaSession } from "./session.ts";
import type { SsrGateway } from "./ssr.ts";

/** Options that are asked as they are. */
type Optional = "share" | "url" | "transformComponent" | "nonce";

/** The resolved options, with every default. */
export interface Settings extends Pick<InertiaOptions, Optional> {
  /** Where state waits for the next request. */
  readonly session: InertiaSession | undefined;
  /** How forged requests are refused, if they are. */
  readonly csrf: CsrfRule | undefined;
  /** Makes the document. */
  readonly document: DocumentRenderer;
  /** Who renders on the server. */
  readonly ssr: SsrGateway | undefined;
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
export interface SettingsDefaults extends Pick<Settings, "report" | "now"> {
  /** Makes the session of who asked for none in particular. */
  readonly session: () => InertiaSession | undefined;
}

/** CSS selectors and attributes take it as it is. */
const ROOT_ID_REGEXP = /^[A-Za-z][\w:.-]*$/;

/**
 * Resolves options.
 *
 * @throws {TypeError} If the id is none, the version can't be sent, or the template has no place for a page.
 */
export function resolveSettings(
  options: InertiaOptions,
  defaults: SettingsDefaults,
): Omit<Settings, "ssr"> {
  const { page = DEFAULT_TEMPLATE, rootId = "app", report, now } = options;
  const source = isSource(page) ? page : undefined;
  const { version = source?.version } = options;
  const { session = defaults.session() } = options;
  const kept = session === false ? undefined : session;
  if (!ROOT_ID_REGEXP.test(rootId)) {
    throw new TypeError(
      `Cannot use ${
        JSON.stringify(rootId)
      } as the id of the root element: it is no name of ASCII letters`,
    );
  }
  return {
    session: kept,
    csrf: resolveCsrf(options.csrf, kept),
    share: options.share,
    url: options.url,
    transformComponent: options.transformComponent,
    nonce: options.nonce,
    document: documentRenderer(page, rootId),
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

type PageOption = NonNullable<InertiaOptions["page"]>;

/** Whether it is more than a function that makes documents; `sidecar.page` is both. */
export function isSource(page: PageOption | undefined): page is DocumentSource {
  return (typeof page === "function" || typeof page === "object") && "document" in page;
}

function documentRenderer(page: PageOption, rootId: string): DocumentRenderer {
  if (typeof page === "string") return parseTemplate(page, rootId);
  return isSource(page) ? page.document : page;
}

/** Forms are asked for the token of a session that keeps one. */
function resolveCsrf(
  csrf: InertiaOptions["csrf"],
  session: InertiaSession | undefined,
): CsrfRule | undefined {
  const options = csrf ?? session?.hasToken ?? false;
  if (options === false) return undefined;
  if (session === undefined) {
    throw new TypeError("Cannot refuse forged requests: csrf is set, and there is no session");
  }
  return csrfRule(options === true ? {} : options);
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
