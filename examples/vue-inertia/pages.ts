// What each page shows. `Pages` is inferred from what is rendered here, so the browser's types follow this file.
import { defer, type Inertia, type PagesOf, paginator } from "@lv/sidecar/inertia";
import type { Status, Ticket, Tickets } from "./tickets.ts";

/** The props of every page. */
export interface Shared {
  readonly counts: Readonly<Record<Status, number>>;
}

const CHART_DAYS = 14;

export function createPages(inertia: Inertia, tickets: Tickets) {
  return {
    index: (request: Request, status: Status, page: number) =>
      inertia.render(request, "Tickets/Index", {
        status,
        tickets: paginator(tickets.list(status, page)),
        // The page does not wait for what takes longer.
        byDay: defer(() => tickets.byDay(CHART_DAYS, Date.now())),
      }),
    show: (request: Request, ticket: Ticket) =>
      inertia.render(request, "Tickets/Show", {
        ticket,
        // The page asks for these alone, every few seconds.
        comments: () => tickets.comments(ticket.id),
      }),
    create: (request: Request) => inertia.render(request, "Tickets/New", {}),
    missing: (request: Request) => inertia.render(request, "Missing", {}, { status: 404 }),
  };
}

export type Pages = PagesOf<ReturnType<typeof createPages>>;
