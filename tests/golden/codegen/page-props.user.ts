/**
 * Props that every page gets and that no document describes. This file is yours: it was generated once and is never
 * overwritten.
 */
export type UserSharedProps = Record<never, never>;
// For example: export interface UserSharedProps { readonly theme: "light" | "dark" }
