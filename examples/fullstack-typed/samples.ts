import type { NewBook } from "./routes.ts";

/** What an empty database begins with, the oldest first. */
export const SAMPLES: readonly NewBook[] = [
  {
    title: "The Dispossessed",
    author: "Ursula K. Le Guin",
    pages: 387,
    shelf: "read",
    rating: 5,
    note: "Two worlds, one wall between them.",
  },
  {
    title: "Invisible Cities",
    author: "Italo Calvino",
    pages: 165,
    shelf: "read",
    rating: 4,
    note: "",
  },
  {
    title: "The Left Hand of Darkness",
    author: "Ursula K. Le Guin",
    pages: 304,
    shelf: "read",
    rating: 5,
    note: "",
  },
  {
    title: "Middlemarch",
    author: "George Eliot",
    pages: 880,
    shelf: "reading",
    rating: 0,
    note: "Book three. Everybody is about to make a mistake.",
  },
  {
    title: "Kindred",
    author: "Octavia E. Butler",
    pages: 287,
    shelf: "next",
    rating: 0,
    note: "",
  },
  {
    title: "The Periodic Table",
    author: "Primo Levi",
    pages: 233,
    shelf: "next",
    rating: 0,
    note: "A chapter for each element.",
  },
];
