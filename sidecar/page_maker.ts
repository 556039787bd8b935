/**
 * Makes the documents that go out: a template, what the app wants to say in it, and a nonce.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Inject, InjectConfig, PageConfig } from "./config_types.ts";
import { type Pieces, renderInjection } from "./inject_html.ts";
import type { PageParts, PlacedPage } from "./page_tool.ts";
import { addNonceToPolicy, compilePolicy } from "./nonce.ts";
import { type Marks, PageStencil } from "./page_stencil.ts";
import type { PagePieces, PageTemplate } from "./page_template.ts";
import { scriptJson } from "./script_json.ts";

/** A document, and the header fields that belong to it. */
export interface MadePage {
  readonly html: string;
  /** `Content-Security-Policy` where there is one. */
  readonly policy: string | undefined;
  /** The page's own nonce; `undefined` without the option. */
  readonly nonce: string | undefined;
  /** Whether it is the same for every request: only then may it be kept by anybody. */
  readonly isConstant: boolean;
}

/** What the header fields of a document depend on. */
type PageFacts = Pick<MadePage, "policy" | "isConstant">;

/** A document as it goes out. */
export interface SentPage extends PageFacts {
  /** Bytes are of the maker's own memory, and others after its next page: to be copied at once, as `new Response` does. */
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** What every page of a sidecar has in common. */
export interface PageMakerOptions extends PageConfig {
  readonly inject: Inject | undefined;
  /** The routes of the app's own table, for `routes: true`; asked when the first page is made. */
  readonly tableRoutes?: (() => unknown) | undefined;
  /** Whether {@linkcode PageMaker.send} is to give strings only; see `Runtime`. @default false */
  readonly prefersText?: boolean;
}

/** 128 bits, as CSP 3 §7.1 asks for. */
const NONCE_BYTES = 16;
/** Chance is drawn for so many nonces at a time, not in a call for each page. */
const DRAWN_NONCES = 256;
/** Digits of a nonce in hexadecimal, which is base64 too. */
const NONCE_DIGITS = 2 * NONCE_BYTES;

/** Makes nonces. */
class NonceSource {
  #digits = "";
  #at = 0;

  next(): string {
    if (this.#at === this.#digits.length) {
      const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES * DRAWN_NONCES));
      this.#digits = Buffer.from(bytes.buffer).toString("hex");
      this.#at = 0;
    }
    this.#at += NONCE_DIGITS;
    return this.#digits.slice(this.#at - NONCE_DIGITS, this.#at);
  }
}

interface KnownStencil {
  readonly template: PageTemplate;
  readonly stencil: PageStencil;
}

/** Makes pages. */
export class PageMaker {
  readonly #options: PageMakerOptions;
  /** Routes do not change while we run, and may be long: their text is made once. */
  #routesText: string | undefined;
  readonly #csrfStart: string;
  readonly #nonces = new NonceSource();
  readonly #policyFor: ((nonce: string) => string) | undefined;
  /** Those of the last template: with a token, and without one. */
  readonly #stencils = new Map<boolean, KnownStencil>();

  /**
   * Makes the maker.
   *
   * @throws {TypeError} If the routes can't be JSON.
   */
  constructor(options: PageMakerOptions) {
    this.#options = options;
    const { routes, csrfGlobal, policy } = options;
    this.#csrfStart = `window[${scriptJson(csrfGlobal)}]=`;
    this.#policyFor = policy === undefined ? undefined : compilePolicy(policy);
    // The app is opened after us, and its table is known then.
    if (routes !== true) this.#routesText = this.#renderRoutes(routes);
  }

  get #routes(): string {
    return this.#routesText ??= this.#renderRoutes(this.#options.tableRoutes?.());
  }

  #renderRoutes(routes: unknown): string {
    const name = scriptJson(this.#options.routesGlobal);
    return routes === undefined ? "" : `window[${name}]=${scriptJson(routes, "routes")};`;
  }

  /** Whether anything is put into a page at all. */
  get changesPages(): boolean {
    const { inject, csrfToken, nonce } = this.#options;
    const { routes } = this.#options;
    return inject !== undefined || csrfToken !== undefined || nonce || routes !== undefined;
  }

  /** The script with the routes, for pages of a template engine; empty without routes. */
  routesTag(nonce?: string): string {
    return this.#routes === "" ? "" : script(this.#routes, nonce);
  }

  /**
   * Makes a page.
   *
   * @param request The request that it answers.
   * @param template The page.
   * @param extra What this answer says beside what all say; it comes last.
   * @param parts The app, for the root element.
   * @returns A promise only if the app's own functions give one.
   * @throws {unknown} What the app's own functions throw.
   */
  make(
    request: Request,
    template: PageTemplate,
    extra?: InjectConfig,
    parts?: PageParts,
  ): MadePage | Promise<MadePage> {
    const { inject, csrfToken, nonce: hasNonce } = this.#options;
    const nonce = hasNonce ? this.#nonces.next() : undefined;
    const own = typeof inject === "function" ? inject(request, { nonce }) : inject;
    const token = csrfToken?.(request);
    if (own instanceof Promise || token instanceof Promise) {
      return Promise.all([own, token]).then(([config, text]) =>
        this.#finish(template, [config, extra], text, nonce, parts)
      );
    }
    return this.#finish(template, [own, extra], token, nonce, parts);
  }

  /**
   * Makes a page, to be sent at once.
   *
   * @returns A promise only if the app's own functions give one.
   * @throws {unknown} What the app's own functions throw.
   */
  send(request: Request, template: PageTemplate): SentPage | Promise<SentPage> {
    const { inject, csrfToken, prefersText = false } = this.#options;
    if (prefersText || typeof inject === "function") {
      const page = this.make(request, template);
      return page instanceof Promise ? page.then(sentPage) : sentPage(page);
    }
    const token = csrfToken?.(request);
    if (!(token instanceof Promise)) return this.#stamp(template, token);
    return token.then((text) => this.#stamp(template, text));
  }

  #policyOf(nonce: string | undefined): string | undefined {
    return nonce === undefined ? this.#options.policy : this.#policyFor?.(nonce);
  }

  #stamp(template: PageTemplate, token: string | undefined): SentPage {
    const nonce = this.#options.nonce ? this.#nonces.next() : undefined;
    // An app in JavaScript may give anything.
    const isText = token === undefined || typeof token === "string";
    const bytes = isText
      ? this.#stencilOf(template, token !== undefined).fill(nonce ?? "", token ?? "")
      : undefined;
    return {
      body: bytes ?? this.#plainPage(template, token, nonce),
      policy: this.#policyOf(nonce),
      isConstant: nonce === undefined && this.#options.csrfToken === undefined,
    };
  }

  #stencilOf(template: PageTemplate, hasToken: boolean): PageStencil {
    const kept = this.#stencils.get(hasToken);
    if (kept?.template === template) return kept.stencil;
    const marks: Marks = { nonce: crypto.randomUUID(), token: crypto.randomUUID() };
    const token = hasToken ? marks.token : undefined;
    const html = this.#plainPage(template, token, this.#options.nonce ? marks.nonce : undefined);
    const stencil = new PageStencil(html, marks);
    this.#stencils.set(hasToken, { template, stencil });
    return stencil;
  }

  /** A page without anything that the app says of one request. */
  #plainPage(template: PageTemplate, token: string | undefined, nonce: string | undefined): string {
    const { inject } = this.#options;
    const own = typeof inject === "function" ? undefined : inject;
    const json = token === undefined ? undefined : scriptJson(token);
    return template.render(this.#pieces([own], json, nonce), nonce);
  }

  /**
   * Makes a page with an app in its root element.
   *
   * @throws {TypeError} If it has no such element.
   */
  async place(request: Request, template: PageTemplate, parts: PageParts): Promise<PlacedPage> {
    const page = await this.make(request, template.withRoot(parts.rootId), undefined, parts);
    return { html: page.html, addFields: (headers) => addPageFields(headers, page) };
  }

  #finish(
    template: PageTemplate,
    configs: readonly [InjectConfig | undefined, InjectConfig | undefined],
    token: string | undefined,
    nonce: string | undefined,
    parts: PageParts | undefined,
  ): MadePage {
    const { inject, csrfToken } = this.#options;
    const json = token === undefined ? undefined : scriptJson(token);
    const pieces = this.#pieces(configs, json, nonce);
    return {
      html: template.render(parts === undefined ? pieces : withParts(pieces, parts, nonce), nonce),
      policy: this.#policyOf(nonce),
      nonce,
      // Not the token itself: who is not signed in may have none.
      isConstant: nonce === undefined && typeof inject !== "function" &&
        csrfToken === undefined && configs[1] === undefined && parts === undefined,
    };
  }

  /** @param token In JSON. */
  #pieces(
    configs: readonly (InjectConfig | undefined)[],
    token: string | undefined,
    nonce: string | undefined,
  ): Pieces {
    const code = token === undefined ? this.#routes : `${this.#routes}${this.#csrfStart}${token};`;
    const all: Pieces[] = code === "" ? [] : [{ headStart: script(code, nonce) }];
    for (const config of configs) {
      if (config !== undefined) all.push(renderInjection(config, nonce));
    }
    return all.length < 2 ? all[0] ?? {} : joinPieces(all);
  }
}

const TITLE_REGEXP = /<title[\s>]/i;

/** A title of the app's own takes the place of the page's: of two, a browser shows the first. */
function withParts(pieces: Pieces, parts: PageParts, nonce: string | undefined): PagePieces {
  const { head, body } = nonce === undefined ? parts : parts.withNonce(nonce);
  return {
    ...pieces,
    headEnd: (pieces.headEnd ?? "") + head,
    root: body,
    ...(TITLE_REGEXP.test(head) ? { title: "" } : {}),
  };
}

function script(code: string, nonce: string | undefined): string {
  return nonce === undefined
    ? `<script>${code}</script>`
    : `<script nonce="${nonce}">${code}</script>`;
}

function sentPage({ html, policy, isConstant }: MadePage): SentPage {
  return { body: html, policy, isConstant };
}

function joinPieces(all: readonly Pieces[]): Pieces {
  const join = (slot: keyof Pieces): string => all.map((pieces) => pieces[slot] ?? "").join("");
  return {
    headStart: join("headStart"),
    headEnd: join("headEnd"),
    bodyStart: join("bodyStart"),
    bodyEnd: join("bodyEnd"),
  };
}

/** Header fields of a page. What is made for one request is for nobody else. */
export function pageRecord({ policy, isConstant }: PageFacts): Record<string, string> {
  // An object literal: pairs cost Deno 1.2 µs more, of 18 for a page.
  const fields: Record<string, string> = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": isConstant ? "no-cache" : "private, no-store",
  };
  if (policy !== undefined) fields["content-security-policy"] = policy;
  return fields;
}

/** The same as {@linkcode pageRecord}, in pairs. */
export function pageFields(page: PageFacts): [string, string][] {
  return Object.entries(pageRecord(page));
}

const POLICY_NAMES = ["content-security-policy", "content-security-policy-report-only"];

/** Header fields of a page that the app asked for: its own come first, but none may let a nonce be used twice. */
export function pageHeaders(page: MadePage, own: HeadersInit | undefined): Headers {
  const headers = new Headers(own);
  addPageFields(headers, page);
  return headers;
}

function addPageFields(headers: Headers, page: MadePage): void {
  for (const [name, value] of pageFields(page)) if (!headers.has(name)) headers.set(name, value);
  const { nonce } = page;
  if (nonce === undefined) return;
  headers.set("cache-control", "private, no-store");
  for (const name of POLICY_NAMES) {
    const policy = headers.get(name);
    if (policy !== null) headers.set(name, addNonceToPolicy(policy, nonce));
  }
}
