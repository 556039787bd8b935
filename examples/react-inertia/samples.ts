// Somebody to look at in a new database: everybody is invented.
import type { ContactInput } from "./pages.ts";

const FIRST = "Ada Barbara Charles Dorothy Edsger Frances Grace Hedy Ivan Joan Katherine Leslie"
  .split(" ");
const LAST = "Abbott Bianchi Castro Dubois Eriksen Fischer Garcia Haddad".split(
  " ",
);
const PLACES = [
  ["Lisbon", "+351 21"],
  ["Oslo", "+47 22"],
  ["Vienna", "+43 1"],
  ["Nairobi", "+254 20"],
  ["Kyoto", "+81 75"],
  ["Montréal", "+1 514"],
] as const;
const COMPANIES = [
  "Analytical Engines",
  "Blue Harbour",
  "Copper & Sons",
  "Delta Works",
  "",
];

/** 96 people: each first name with each last name. */
export const SAMPLES: readonly ContactInput[] = FIRST.flatMap((first, f) =>
  LAST.map((last, l) => {
    const [city, code] = PLACES[(f * f + l * (f % 4)) % PLACES.length]!;
    const company = COMPANIES[(f + l * 2) % COMPANIES.length]!;
    return {
      name: `${first} ${last}`,
      email: `${first}.${last}@example.org`.toLowerCase(),
      phone: `${code} 555 ${String(100 + f * LAST.length + l)}`,
      company,
      city,
      note: company === "" ? "" : `Met at the ${company} summer party.`,
    };
  })
);
