// The props of each page for the type checker: usePage<"Contacts/Show">() knows its contact.
import type { Page, PageProps as AnyProps, SharedPageProps } from "@inertiajs/core";
import type { PageProps } from "@lv/sidecar/inertia";
import type { Pages, Shared } from "../pages.ts";

export type PropsOf<Name extends keyof Pages> = PageProps<Pages, Name, Shared>;

type PageFor<Name extends keyof Pages> = Omit<Page, "component" | "props"> & {
  readonly component: Name;
  readonly props: PropsOf<Name>;
};

declare module "@inertiajs/core" {
  interface InertiaConfig {
    sharedPageProps: Pick<Shared, keyof Shared>;
    flashDataType: { readonly message?: string };
  }
}

declare module "@inertiajs/react" {
  function usePage<Name extends keyof Pages>(): PageFor<Name>;
  function usePage<Props extends AnyProps = AnyProps>(): Page<
    Props & SharedPageProps
  >;
}
