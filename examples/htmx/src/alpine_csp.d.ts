// Another build of the same package, without types of its own.
declare module "@alpinejs/csp" {
  export { default } from "alpinejs";
}
