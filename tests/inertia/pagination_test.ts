/**
 * Pages of lists, and lists that grow while they are scrolled.
 */
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  createInertia,
  cursorPaginator,
  defer,
  except,
  only,
  type Page,
  paginator,
  readPage,
  scroll,
} from "../../inertia/mod.ts";
import { pageFor, reload, visit } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

const inertia = createInertia();

const CONTAINERS = {
  offset: { items: [1, 2], limit: 2, offset: 2, total: 5 },
  classic: { items: [1, 2], pageSize: 2, currentPage: 2, totalPages: 3 },
  snake: { items: [1, 2], page_size: 2, current_page: 2, total_pages: 3 },
  cursor: { items: [1, 2], cursor: "b", nextCursor: "c", previousCursor: "a" },
  snakeCursor: { items: [1, 2], cursor: "b", next_cursor: "c", previous_cursor: "a" },
};

async function render(
  props: Record<string, unknown>,
  options = {},
  request = visit("/"),
): Promise<Page> {
  return await readPage(await inertia.render(request, "X", props, options));
}

const metadata = (
  pageName: string,
  previousPage: unknown,
  nextPage: unknown,
  currentPage: unknown,
  reset = false,
) => ({
  pageName,
  previousPage,
  nextPage,
  currentPage,
  reset,
});

test("a container is sent as its items: as a value, of a function, within an object, several at once", async () => {
  for (const [name, container] of Object.entries(CONTAINERS)) {
    const page = await render({
      total: 7,
      value: container,
      computed: () => Promise.resolve(container),
      nested: { deep: container, other: 1 },
      later: defer(() => container),
    });
    deepEqual(page.props, {
      errors: {},
      total: 7,
      value: [1, 2],
      computed: [1, 2],
      nested: { deep: [1, 2], other: 1 },
    }, name);
    equal(page.scrollProps, undefined);
    deepEqual(
      (await pageFor(inertia, { later: defer(() => container) }, reload("/", "later")))
        .props["later"],
      [1, 2],
    );
  }
});

test("what is no container stays as it is", async () => {
  const others = {
    more: { items: [1], limit: 1, offset: 0, total: 1, extra: true },
    texts: { items: [1], limit: "1", offset: "0", total: "1" },
    noList: { items: "1", limit: 1, offset: 0, total: 1 },
    bare: { items: [1] },
    cart: { items: [1], total: 3 },
    listed: [{ items: [1], limit: 1, offset: 0, total: 1 }],
  };
  deepEqual((await render(others)).props, { errors: {}, ...others });
});

test("a container may be of a class, with getters and fields of its own", async () => {
  class Users {
    readonly query = "select";
    readonly rows = [1, 2];
    readonly limit = 2;
    get items(): readonly number[] {
      return this.rows;
    }
    get offset(): number {
      return this.limit;
    }
    get total(): number {
      return 9;
    }
  }
  const page = await render({ users: scroll(() => new Users()), all: new Users() });
  deepEqual(page.props, { errors: {}, users: [1, 2], all: [1, 2] });
  deepEqual(page.scrollProps, { users: metadata("page", 1, 3, 2) });
  class Known extends Users {
    toJSON(): object {
      return { known: true };
    }
  }
  deepEqual((await render({ all: new Known() })).props, { errors: {}, all: { known: true } });
});

test("props that are a container themselves have a key", async () => {
  deepEqual((await render(CONTAINERS.offset)).props, { errors: {}, items: [1, 2] });
  deepEqual((await render(CONTAINERS.classic, { key: "users" })).props, {
    errors: {},
    users: [1, 2],
  });
});

test("containers scroll where that was asked for, two on one page, each with its numbers", async () => {
  const page = await render({ a: CONTAINERS.offset, b: () => CONTAINERS.cursor }, {
    infiniteScroll: true,
  });
  deepEqual(page.props, { errors: {}, a: [1, 2], b: [1, 2] });
  deepEqual(page.mergeProps, ["a", "b"]);
  deepEqual(page.scrollProps, {
    a: metadata("page", 1, 3, 2),
    b: metadata("cursor", "a", "c", "b"),
  });
});

test("scroll() takes each container, with a name for its parameter", async () => {
  for (const [name, container] of Object.entries(CONTAINERS)) {
    const isCursor = name.includes("ursor");
    const page = await render({ users: scroll(() => container, { pageName: "p" }) });
    deepEqual([page.props["users"], page.mergeProps], [[1, 2], ["users"]], name);
    deepEqual(page.scrollProps, {
      users: isCursor ? metadata("p", "a", "c", "b") : metadata("p", 1, 3, 2),
    }, name);
  }
});

test("the ends of a list have no page behind them", async () => {
  const scrollOf = async (value: unknown) =>
    (await render({ u: scroll(() => value) })).scrollProps?.["u"];
  deepEqual(
    await scrollOf({ items: [], limit: 2, offset: 0, total: 0 }),
    metadata("page", null, null, 1),
  );
  deepEqual(
    await scrollOf({ items: [1], limit: 2, offset: 4, total: 5 }),
    metadata("page", 2, null, 3),
  );
  deepEqual(
    await scrollOf({ items: [1], limit: 0, offset: 0, total: 1 }),
    metadata("page", null, null, 1),
  );
  deepEqual(await scrollOf({ items: [1], nextCursor: null }), metadata("cursor", null, null, 1));
  deepEqual(
    await scrollOf({ data: [1], current_page: 1, last_page: 2 }),
    metadata("page", null, 2, 1),
  );
  deepEqual(
    await scrollOf({ data: [1], meta: { current_page: 2, total: 4, per_page: 2 } }),
    metadata("page", 1, null, 2),
  );
});

test("upwards a scroll goes in front; a reset replaces, with its metadata", async () => {
  const props = {
    users: scroll(() => CONTAINERS.offset, { matchOn: "id" }),
    list: scroll(() => ({ data: [1], current_page: 1, last_page: 1 })),
  };
  const up = await pageFor(
    inertia,
    props,
    reload("/", "users,list", { "X-Inertia-Infinite-Scroll-Merge-Intent": "prepend" }),
  );
  deepEqual([up.mergeProps, up.prependProps, up.matchPropsOn], [undefined, ["users", "list.data"], [
    "users.id",
  ]]);
  const reset = await pageFor(inertia, props, reload("/", "users", { "X-Inertia-Reset": "users" }));
  deepEqual([reset.mergeProps, reset.matchPropsOn], [undefined, undefined]);
  deepEqual(reset.scrollProps, { users: metadata("page", 1, 3, 2, true) });
});

test("a value that says nothing needs metadata, explicit or of a function", async () => {
  await rejects(
    render({ u: scroll(() => [1, 2]) }),
    /^TypeError: Cannot scroll "u": its value is no pagination container/,
  );
  const explicit = { pageName: "p", previousPage: null, nextPage: 2, currentPage: 1 };
  const page = await render({
    a: scroll(() => ({ rows: [1] }), { wrapper: "rows", metadata: explicit }),
    b: scroll(() => Promise.resolve([1, 2]), {
      wrapper: "",
      metadata: (value) => ({ ...explicit, nextPage: value.length }),
    }),
  });
  deepEqual(page.mergeProps, ["a.rows", "b"]);
  deepEqual(page.scrollProps, {
    a: { ...explicit, reset: false },
    b: { ...explicit, reset: false },
  });
});

test("a scroll that names the key of its items sends all of a container", async () => {
  const page = await render({ u: scroll(() => CONTAINERS.cursor, { wrapper: "items" }) });
  deepEqual([page.props["u"], page.mergeProps], [CONTAINERS.cursor, ["u.items"]]);
  deepEqual(page.scrollProps, { u: metadata("cursor", "a", "c", "b") });
});

test("paginators keep their numbers, with and without a scroll", async () => {
  const numbered = paginator({ items: [1], total: 3, perPage: 1, page: 2, pageName: "p" });
  const page = await render({
    plain: numbered,
    a: scroll(numbered),
    b: scroll(() => cursorPaginator({ items: [2], next: "n" })),
  });
  const json = { current_page: 2, data: [1], per_page: 1, total: 3 };
  deepEqual(page.props, { errors: {}, plain: json, a: json, b: { data: [2] } });
  deepEqual(page.scrollProps, { a: metadata("p", 1, 3, 2), b: metadata("cursor", null, "n", 1) });
});

test("only() and except() decide about the page's own props, whatever the client asks for", async () => {
  const props = { a: 1, b: defer(() => 2), c: 3 };
  deepEqual((await render(props, { filter: only("a", "b") })).props, { errors: {}, a: 1 });
  deepEqual((await render(props, { filter: except("a", "toString") })).props, { errors: {}, c: 3 });
  const request = reload("/", "b,c");
  deepEqual((await render(props, { filter: only("a", "b") }, request)).props, { errors: {}, b: 2 });
});
