/**
 * Makes the documents that go out: a template, what the app wants to say in it, and a nonce.
 *
 * @module
 */
import type { Inject, InjectConfig, PageConfig } from "./config_types.ts";
import { type Pieces, renderInjection } from "./inject_html.ts";
import { addNonceToPolicy } from "./nonce.ts";
import type { PageTemplate } from "./page_template.ts";
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

/** What every page of a sidecar has in common. */
export interface PageMakerOptions extends PageConfig {
  readonly inject: Inject | undefined;
}

/** 128 bits, as CSP 3 §7.1 asks for. */
const NONCE_BYTES = 16;

function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return btoa(String.fromCharCode(...bytes));
}

/** Makes pages. */
export class PageMaker {
  readonly #options: PageMakerOptions;
  /** Routes do not change while we run, and may be long: their text is made once. */
  readonly #routes: string;

  /**
   * Makes the maker.
   *
   * @throws {TypeError} If the routes can't be JSON.
   */
  constructor(options: PageMakerOptions) {
    this.#options = options;
    const { routes, routesGlobal } = options;
    this.#routes = routes === undefined
      ? ""
      : `window[${scriptJson(routesGlobal)}]=${scriptJson(routes, "routes")};`;
  }

  /** Whether anything is put into a page at all. */
  get changesPages(): boolean {
    const { inject, csrfToken, nonce } = this.#options;
    return inject !== undefined || csrfToken !== undefined || nonce || this.#routes !== "";
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
   * @throws {unknown} What the app's own functions throw.
   */
  async make(request: Request, template: PageTemplate, extra?: InjectConfig): Promise<MadePage> {
    const { inject, csrfToken, nonce: hasNonce, policy } = this.#options;
    const nonce = hasNonce ? makeNonce() : undefined;
    const own = typeof inject === "function" ? await inject(request, { nonce }) : inject;
    const token = await csrfToken?.(request);
    const pieces = this.#pieces([own, extra], token, nonce);
    return {
      html: template.render(pieces, nonce),
      policy: policy === undefined || nonce === undefined
        ? policy
        : addNonceToPolicy(policy, nonce),
      nonce,
      // Not the token itself: who is not signed in may have none.
      isConstant: nonce === undefined && typeof inject !== "function" &&
        csrfToken === undefined && extra === undefined,
    };
  }

  #pieces(
    configs: readonly (InjectConfig | undefined)[],
    token: string | undefined,
    nonce: string | undefined,
  ): Pieces {
    const { csrfGlobal } = this.#options;
    const rendered = configs.map((config) => renderInjection(config ?? {}, nonce));
    const constant = this.#routes +
      (token === undefined ? "" : `window[${scriptJson(csrfGlobal)}]=${scriptJson(token)};`);
    const all = constant === "" ? rendered : [{ headStart: script(constant, nonce) }, ...rendered];
    return all.length === 1 ? all[0] ?? {} : joinPieces(all);
  }
}

function script(code: string, nonce: string | undefined): string {
  return nonce === undefined
    ? `<script>${code}</script>`
    : `<script nonce="${nonce}">${code}</script>`;
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
export function pageFields({ policy, isConstant }: MadePage): [string, string][] {
  return [
    ["content-type", "text/html; charset=utf-8"],
    ["cache-control", isConstant ? "no-cache" : "private, no-store"],
    ...(policy === undefined ? [] : [["content-security-policy", policy] as [string, string]]),
  ];
}

const POLICY_NAMES = ["content-security-policy", "content-security-policy-report-only"];

/** Header fields of a page that the app asked for: its own come first, but none may let a nonce be used twice. */
export function pageHeaders(page: MadePage, own: HeadersInit | undefined): Headers {
  const headers = new Headers(own);
  for (const [name, value] of pageFields(page)) if (!headers.has(name)) headers.set(name, value);
  const { nonce } = page;
  if (nonce === undefined) return headers;
  headers.set("cache-control", "private, no-store");
  for (const name of POLICY_NAMES) {
    const policy = headers.get(name);
    if (policy !== null) headers.set(name, addNonceToPolicy(policy, nonce));
  }
  return headers;
}
