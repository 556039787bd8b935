/**
 * What a request brings, validated: after the submit, and ahead of it.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { z } from "zod";
import { createInertia, type StandardSchema, type ValidateOptions } from "../../inertia/mod.ts";
import {
  pageFor,
  type TestSession,
  testSession,
  visit,
  type VisitOptions,
} from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

const User = z.object({
  name: z.string().min(1, "Name is missing").max(5, "Name is long").regex(/^\w*$/, "Name is odd"),
  address: z.object({ city: z.string("City is missing") }),
});

interface Answered {
  readonly response: Response;
  readonly values: readonly unknown[];
  readonly session: TestSession;
}

async function submit<Output>(
  schema: StandardSchema<unknown, Output>,
  request: VisitOptions & { readonly path?: string },
  options: Omit<ValidateOptions, "input"> = {},
): Promise<Answered> {
  const session = testSession();
  const inertia = createInertia({ session });
  const values: unknown[] = [];
  const handler = inertia.validated(schema, (request, value) => {
    values.push(value);
    return inertia.redirect(request, "/saved");
  }, options);
  return { response: await handler(visit(request.path ?? "/users", request)), values, session };
}

const json = (value: unknown, headers: Record<string, string> = {}): VisitOptions => ({
  method: "POST",
  headers: { "content-type": "application/json", Referer: "http://localhost/form", ...headers },
  body: JSON.stringify(value),
});

test("what is valid reaches the handler, as the validator gives it", async () => {
  const { response, values } = await submit(
    User,
    json({ name: "Ada", address: { city: "London" }, more: 1 }),
  );
  deepEqual(values, [{ name: "Ada", address: { city: "London" } }]);
  equal(response.headers.get("location"), "/saved");
});

test("what is not goes back with all messages of each field, under its name", async () => {
  const { response, values, session } = await submit(
    User,
    json({ name: "Ada Lovelace!", address: {} }),
  );
  deepEqual([response.status, response.headers.get("location"), values], [
    302,
    "http://localhost/form",
    [],
  ]);
  deepEqual(session.state.errors, {
    default: { name: ["Name is long", "Name is odd"], "address.city": ["City is missing"] },
  });
  const page = await pageFor(createInertia({ session, allErrors: true }), {});
  deepEqual(page.props["errors"], {
    name: ["Name is long", "Name is odd"],
    "address.city": ["City is missing"],
  });
});

test("errors belong to the form that was named", async () => {
  const { session, response } = await submit(User, { ...json({}), method: "PUT" }, {
    errorBag: "edit",
  });
  deepEqual(Object.keys(session.state.errors ?? {}), ["edit"]);
  equal(response.status, 303);
});

test("an issue without a place, or at one named as it likes, has a field", async () => {
  const schema: StandardSchema = {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: () =>
        Promise.resolve({
          issues: [
            { message: "all wrong" },
            { message: "here", path: [{ key: "a" }, 0, Symbol("s")] },
            { message: "there", path: ["__proto__"] },
          ],
        }),
    },
  };
  const { session } = await submit(schema, json({}));
  const fields = session.state.errors?.["default"] ?? {};
  deepEqual(Object.entries(fields), [["_root", ["all wrong"]], ["a.0.Symbol(s)", ["here"]], [
    "__proto__",
    ["there"],
  ]]);
});

test("a body that is not what it says to be is a 400, and nobody's error", async () => {
  const bodies: readonly (readonly [string, BodyInit])[] = [
    ["application/json", "{"],
    ["text/plain", "{"],
    ["multipart/form-data", "no boundary"],
    ["multipart/form-data; boundary=x", "no part"],
  ];
  for (const [type, body] of bodies) {
    const { response, values, session } = await submit(z.any(), {
      method: "POST",
      headers: { "content-type": type },
      body,
    });
    deepEqual([response.status, values, session.writes], [400, [], 0], type);
  }
});

test("a form is read as the object that its names say; `_method` is not of it", async () => {
  const form = new FormData();
  const fields: readonly (readonly [string, string])[] = [
    ["_method", "put"],
    ["name", "Ada"],
    ["tags[]", "a"],
    ["tags[]", "b"],
    ["users[0][email]", "a@b.c"],
    ["users[1][email]", "d@e.f"],
    ["twice", "1"],
    ["twice", "2"],
    ["odd[", "x"],
    ["a[b]c", "y"],
  ];
  for (const [name, value] of fields) form.append(name, value);
  form.append("file", new File(["text"], "a.txt"));
  const { values: [value] } = await submit(z.any(), { method: "POST", body: form });
  const { file, ...rest } = value as Record<string, unknown>;
  deepEqual(rest, {
    name: "Ada",
    tags: ["a", "b"],
    users: [{ email: "a@b.c" }, { email: "d@e.f" }],
    twice: ["1", "2"],
    "odd[": "x",
    "a[b]c": "y",
  });
  equal(file instanceof File && file.name, "a.txt");
});

// Attack: names of a form that reach the prototype, or nest without end.
test("names of a form are keys and no more", async () => {
  const form = new URLSearchParams([
    ["__proto__[polluted]", "1"],
    ["constructor[prototype][polluted]", "2"],
    ["a[__proto__][polluted]", "3"],
    ["a".concat("[b]".repeat(10_000)), "4"],
  ]);
  const { values: [value] } = await submit(z.any(), { method: "POST", body: form });
  equal(({} as Record<string, unknown>)["polluted"], undefined);
  deepEqual(Object.keys(value as object).slice(0, 3), ["__proto__", "constructor", "a"]);
  equal(Object.getPrototypeOf(value), Object.prototype);
});

test("the query is the input of a GET, and nothing is an empty object", async () => {
  const { values } = await submit(z.any(), { path: "/users?a=1&b[]=2&b[]=3" });
  deepEqual(values, [{ a: "1", b: ["2", "3"] }]);
  deepEqual((await submit(z.any(), { method: "POST" })).values, [{}]);
});

const PRECOGNITION = { "X-Inertia": "", Accept: "application/json", Precognition: "true" };

test("ahead of the submit the handler does not run, whatever the input", async () => {
  const valid = await submit(
    User,
    json({ name: "Ada", address: { city: "London" } }, PRECOGNITION),
  );
  equal(valid.response.status, 204);
  deepEqual(
    ["precognition", "precognition-success", "vary"].map((name) =>
      valid.response.headers.get(name)
    ),
    ["true", "true", "Precognition"],
  );
  const wrong = await submit(User, json({ name: "Ada Lovelace!" }, PRECOGNITION));
  equal(wrong.response.status, 422);
  equal(wrong.response.headers.get("precognition"), "true");
  equal(wrong.response.headers.get("precognition-success"), null);
  deepEqual(await wrong.response.json(), {
    errors: {
      name: ["Name is long", "Name is odd"],
      address: ["Invalid input: expected object, received undefined"],
    },
  });
  deepEqual([valid.values, wrong.values, wrong.session.writes], [[], [], 0]);
});

test("ahead of the submit only the fields that were asked for count", async () => {
  const status = async (fields: string) =>
    (await submit(
      User,
      json({ name: "", address: {} }, { ...PRECOGNITION, "Precognition-Validate-Only": fields }),
    ))
      .response.status;
  equal(await status("name"), 422);
  equal(await status("address.city"), 422);
  equal(await status("address.*"), 422);
  equal(await status("other"), 204);
  equal(await status("__proto__"), 204);
  equal(await status("nam"), 204);
});

test("validate() can be asked within a handler, with an input of one's own", async () => {
  const inertia = createInertia({ session: testSession() });
  const request = visit("/users", { method: "POST" });
  const form = await inertia.validate(request, User, {
    input: { name: "Ada", address: { city: "London" } },
  });
  equal(form.ok && form.value.name, "Ada");
  const wrong = await inertia.validate(visit("/users", { method: "DELETE" }), User, { input: {} });
  equal(wrong.ok, false);
  match(Object.keys(wrong.ok ? {} : wrong.errors).join(), /name,address/);
  equal(!wrong.ok && wrong.response.status, 303);
});
