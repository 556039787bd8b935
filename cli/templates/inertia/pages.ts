// The pages and their props: the server gives them, the front end gets them.
export interface Pages {
  readonly Home: { readonly message: string };
  readonly About: { readonly template: string };
  readonly Missing: { readonly path: string };
}
