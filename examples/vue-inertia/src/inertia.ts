// The props of each page for the type checker: usePage<"Tickets/Show">() knows its ticket.
import type { Page, PageProps as AnyProps, SharedPageProps } from "@inertiajs/core";
import type { PageProps } from "@lv/sidecar/inertia";
import type { Pages, Shared } from "../pages.ts";

type PageFor<Name extends keyof Pages> = Omit<Page, "component" | "props"> & {
  readonly component: Name;
  readonly props: PageProps<Pages, Name, Shared>;
};

declare module "@inertiajs/core" {
  interface InertiaConfig {
    sharedPageProps: Pick<Shared, keyof Shared>;
    flashDataType: { readonly message?: string };
  }
}

declare module "@inertiajs/vue3" {
  function usePage<Name extends keyof Pages>(): PageFor<Name>;
  function usePage<Props extends AnyProps = AnyProps>(): Page<
    Props & SharedPageProps
  >;
}
