// One table: the router, the validation and the OpenAPI document of the server, and the types of the browser.
import { defineRoutes } from "@lv/sidecar/routes";
import { z } from "zod";

const Shelf = z.enum(["next", "reading", "read"]).meta({ id: "Shelf" });

const NewBook = z.object({
  title: z.string().trim().min(1, "A book needs a title").max(
    120,
    "At most 120 letters",
  ),
  author: z.string().trim().min(1, "Who wrote it?").max(
    80,
    "At most 80 letters",
  ),
  pages: z.int("A whole number").min(1, "One page at least").max(
    20_000,
    "So many pages?",
  ),
  shelf: Shelf,
  /** From 1 to 5; 0 is none. */
  rating: z.int().min(0).max(5, "Five stars at most"),
  note: z.string().trim().max(500, "At most 500 letters"),
}).refine(({ shelf, rating }) => rating === 0 || shelf === "read", {
  path: ["rating"],
  message: "Read it first",
}).meta({ id: "NewBook" });

const Book = z.object({
  id: z.int(),
  ...NewBook.shape,
  addedAt: z.iso.datetime(),
}).meta({ id: "Book" });

const Summary = z.object({
  counts: z.record(Shelf, z.int()),
  /** Of the books that are read. */
  pagesRead: z.int(),
}).meta({ id: "Summary" });

export const routes = defineRoutes({
  books: {
    prefix: "/api/books",
    tags: ["books"],
    routes: {
      index: {
        path: "/",
        summary: "The books of a shelf, the newest first",
        query: z.object({
          shelf: Shelf.optional(),
          search: z.string().optional(),
        }),
        response: z.object({ books: z.array(Book), summary: Summary }),
      },
      store: {
        method: "POST",
        path: "/",
        summary: "Adds a book",
        body: NewBook,
        response: Book,
        status: 201,
      },
      update: {
        method: "PUT",
        path: "/{id:int}",
        summary: "Changes a book",
        body: NewBook,
        response: Book,
      },
      destroy: {
        method: "DELETE",
        path: "/{id:int}",
        summary: "Removes a book",
      },
    },
  },
});

export type Book = z.infer<typeof Book>;
export type NewBook = z.infer<typeof NewBook>;
export type Shelf = z.infer<typeof Shelf>;
export type Summary = z.infer<typeof Summary>;
