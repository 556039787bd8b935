// What the server and the browser have in common: the pages, their props, and what a contact may be.
import { z } from "zod";

export interface ContactLine {
  readonly id: number;
  readonly name: string;
  readonly company: string;
  readonly city: string;
  readonly isFavourite: boolean;
}

export interface Contact extends ContactLine {
  readonly email: string;
  readonly phone: string;
  readonly note: string;
}

export interface Stats {
  readonly total: number;
  readonly favourites: number;
  readonly cities: readonly { readonly city: string; readonly count: number }[];
}

/** The components and their props. What is loaded after the page may be missing. */
export interface Pages {
  readonly "Contacts/Index": {
    readonly contacts: readonly ContactLine[];
    readonly search: string;
    readonly list: "all" | "favourites";
    readonly stats?: Stats;
  };
  readonly "Contacts/Show": {
    readonly contact: Contact;
    readonly neighbours?: readonly ContactLine[];
  };
  readonly "Contacts/Form": { readonly contact: Contact | null };
  readonly Missing: Record<never, never>;
}

/** The props of every page. */
export interface Shared {
  readonly app: { readonly name: string };
}

export const CONTACT = z.object({
  name: z.string().trim().min(1, "A contact needs a name").max(
    80,
    "At most 80 letters",
  ),
  email: z.union([z.literal(""), z.email("This is no e-mail address")]),
  phone: z.string().trim().regex(
    /^[+\d ()/-]*$/,
    "Digits, spaces and + - / ( ) only",
  ),
  company: z.string().trim().max(80, "At most 80 letters"),
  city: z.string().trim().max(80, "At most 80 letters"),
  note: z.string().max(2000, "At most 2000 letters"),
});

export type ContactInput = z.infer<typeof CONTACT>;
