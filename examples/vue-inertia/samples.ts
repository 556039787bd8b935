// Something to look at in a new database.
import type { NewComment, Ticket } from "./tickets.ts";

type Sample = Pick<Ticket, "title" | "body" | "author" | "priority">;

const WHAT = [
  [
    "The export stops at 1,000 rows",
    "high",
    "The file has exactly 1,000 lines, the table 4,312.",
  ],
  [
    "Dark mode forgets itself",
    "low",
    "After a reload everything is bright again.",
  ],
  [
    "Invoices carry last year's address",
    "high",
    "We moved in March; the letterhead did not.",
  ],
  [
    "Search finds no umlauts",
    "normal",
    "“Müller” finds nothing, “Muller” finds Müller.",
  ],
  [
    "Two mails for each sign-up",
    "normal",
    "Both arrive within a second, with the same link.",
  ],
  [
    "The chart has no legend on phones",
    "low",
    "On anything narrower than a tablet.",
  ],
  [
    "Log-in loops behind the proxy",
    "high",
    "The cookie is set for the wrong host.",
  ],
  [
    "Dates jump by a day in Auckland",
    "normal",
    "Whoever enters a birthday finds the day before.",
  ],
] as const;
const WHERE = [
  "in the portal",
  "for the Oslo office",
  "since the last release",
  "in the app",
];
const WHO = ["Noor", "Piet", "Salma", "Tove", "Ugo"];

/** 32 tickets, the newest first. */
export const SAMPLES: readonly Sample[] = WHERE.flatMap((where, w) =>
  WHAT.map(([title, priority, body], t) => ({
    title: `${title} ${where}`,
    priority,
    body,
    author: WHO[(w * 3 + t) % WHO.length]!,
  }))
);

export const COMMENTS: readonly NewComment[] = [
  {
    author: "Mika (support)",
    text: "Thank you, we can see it happen here, too.",
  },
  { author: "Noor", text: "It happened again this morning." },
  {
    author: "Mika (support)",
    text: "A fix is on its way; we will tell you here.",
  },
];
