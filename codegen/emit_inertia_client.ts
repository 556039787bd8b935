/**
 * `inertia-client.ts`: what `usePage<"Users/Index">()` of Inertia's client gives.
 *
 * @module
 */
import { renderString } from "./literal.ts";
import type { GeneratedFile, InertiaClient } from "./options.ts";

/**
 * The file.
 *
 * A client re-exports `usePage` from another of its modules, so an augmentation stands in its place instead of beside
 * it: the client's own signature is there again.
 */
export function emitInertiaClient(
  client: InertiaClient,
  { header, extension }: { readonly header: string; readonly extension: string },
): GeneratedFile {
  const pageProps = renderString(`./page-props${extension}`);
  const text = `${header}
import type { Errors, Page, PageProps as AnyProps, SharedPageProps } from "@inertiajs/core";
import type { ComponentName, InertiaPageProps, SharedProps } from ${pageProps};

/** The page object, where its component is known. */
export type InertiaPage<Component extends ComponentName> =
  & Omit<Page, "component" | "props">
  & {
    readonly component: Component;
    readonly props: InertiaPageProps<Component> & { readonly errors: Errors };
  };

declare module "@inertiajs/core" {
  interface InertiaConfig {
    sharedPageProps: { [Key in keyof SharedProps]: SharedProps[Key] };
  }
}

declare module ${renderString(`@inertiajs/${client}`)} {
  /** The page that is shown: its own props by the name of its component. */
  function usePage<Component extends ComponentName>(): InertiaPage<Component>;
  function usePage<Props extends AnyProps = AnyProps>(): Page<Props & SharedPageProps>;
}
`;
  return { path: "inertia-client.ts", text };
}
