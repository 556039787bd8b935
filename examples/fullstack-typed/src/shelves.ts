import type { Shelf } from "./api.ts";

/** In the order in which a book goes through them. */
export const SHELVES: readonly {
  readonly id: Shelf;
  readonly label: string;
}[] = [
  { id: "next", label: "Next" },
  { id: "reading", label: "Reading" },
  { id: "read", label: "Read" },
];
