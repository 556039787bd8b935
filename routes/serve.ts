/**
 * A route table as a fetch handler.
 *
 * What can be answered without waiting is: a promise for each request costs as much as finding its route.
 *
 * @module
 */
import { parseFields } from "../inertia/form_fields.ts";
import type { StandardResult } from "../inertia/standard_schema.ts";
import { allowOf, invalidAnswer, invalidInput, type PartIssues, refusal } from "./answers.ts";
import { createCoercion } from "./coerce_texts.ts";
import type { DefinedRoute } from "./defined_route.ts";
import { type DescribeSchema, describeSchema } from "./json_schema.ts";
import { readBody } from "./read_body.ts";
import { type FoundRoute, type RouteFinder, withoutQuery } from "./route_finder.ts";
import type { RouteSchema } from "./route_types.ts";
import type { ServeOptions } from "./serve_types.ts";

/** A response, now or later. */
export type Answer = Response | Promise<Response>;

/** Any handler: types hold for those who wrote it. */
export type AnyHandler = (call: never) => unknown;

/** What is served. */
export interface ServingOptions extends ServeOptions {
  readonly routes: readonly DefinedRoute[];
  readonly finder: RouteFinder;
  readonly describe: DescribeSchema | undefined;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}

/** Answers requests. */
export interface Server {
  /** Answers, or gives `undefined` where no route has the path. */
  answer(request: Request, context: unknown): Answer | undefined;
  /** Answers for a path without routes. */
  notFound(request: Request): Answer;
}

/** A route with all that is known before a request. */
interface Plan {
  readonly route: DefinedRoute;
  readonly handler: (call: Call) => unknown;
  /** Whether nothing has to be checked before the handler runs. */
  readonly isPlain: boolean;
  readonly coerceQuery: (value: unknown) => unknown;
  readonly coerceBody: (value: unknown) => unknown;
}

const DEFAULT_MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Makes a server of a table.
 *
 * @throws {TypeError} If a route has no handler, or a handler no route.
 */
export function createServer(options: ServingOptions): Server {
  const plans = createPlans(options);
  const { finder, notFound } = options;
  const run = (found: FoundRoute, request: Request, context: unknown): Answer => {
    // Each route has a plan at its own place.
    const plan = plans[found.route.index] as Plan;
    const call = new Call(request, plan.route, found.params, context);
    try {
      const answer = plan.isPlain ? plan.handler(call) : runChecked(plan, call, options);
      return answer instanceof Promise
        ? answer.then((value) => finish(plan, call, value, options))
          .catch((error) => fail(error, request, options))
        : ifPromise(finish(plan, call, answer, options), request, options);
    } catch (error) {
      return fail(error, request, options);
    }
  };
  return {
    answer(request, context) {
      const { method } = request;
      const path = pathOf(request.url);
      const found = finder.find(method, path);
      if (found !== undefined) return run(found, request, context);
      const get = method === "HEAD" ? finder.find("GET", path) : undefined;
      if (get !== undefined) return withoutBody(run(get, request, context));
      const methods = finder.methodsAt(path);
      if (methods.length === 0) return undefined;
      const allow = allowOf(methods);
      return method === "OPTIONS"
        ? new Response(null, { status: 204, headers: { allow } })
        : refusal(405, { allow });
    },
    notFound(request) {
      if (notFound === undefined) return refusal(404);
      try {
        return ifPromise(notFound(request), request, options);
      } catch (error) {
        return fail(error, request, options);
      }
    },
  };
}

function ifPromise(answer: Answer, request: Request, options: ServingOptions): Answer {
  return answer instanceof Promise
    ? answer.catch((error) => fail(error, request, options))
    : answer;
}

/** Without a parsed URL: that would cost more than all the rest. `http://a/b?c` -> `/b` */
export function pathOf(url: string): string {
  // Behind "http://" and at least one letter.
  const start = url.indexOf("/", 8);
  if (start < 0) return "/";
  return withoutQuery(url, start);
}

function createPlans({ routes, handlers, describe }: ServingOptions): readonly Plan[] {
  const known = new Set(routes.map(({ name }) => name));
  const unknown = Object.keys(handlers).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot serve "${unknown}": there is no such route`);
  }
  return routes.map((route): Plan => {
    const { name, params, query, body } = route;
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (typeof handler !== "function") {
      throw new TypeError(`Cannot serve "${name}": it has no handler`);
    }
    return {
      route,
      handler: handler as Plan["handler"], // It takes a call of its own route, and gets no other.
      isPlain: params === undefined && query === undefined && body === undefined,
      coerceQuery: coercionFor(query, describe),
      coerceBody: coercionFor(body, describe),
    };
  });
}

function coercionFor(
  schema: RouteSchema | undefined,
  describe: DescribeSchema | undefined,
): (value: unknown) => unknown {
  const described = schema === undefined ? undefined : describeSchema(schema, "input", describe);
  return described === undefined ? (value) => value : createCoercion(described);
}

/** What a handler gets; what it does not ask for is not computed. */
class Call {
  readonly request: Request;
  readonly context: unknown;
  params: unknown;
  body: unknown = undefined;
  readonly #route: DefinedRoute;
  #query: unknown;

  constructor(request: Request, route: DefinedRoute, params: unknown, context: unknown) {
    this.request = request;
    this.#route = route;
    this.params = params;
    this.context = context;
  }

  get name(): string {
    return this.#route.name;
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }

  get query(): unknown {
    return this.#query ??= queryOf(this.request.url);
  }

  set query(value: unknown) {
    this.#query = value;
  }
}

function queryOf(url: string): Record<string, unknown> {
  const [address = ""] = url.split("#", 1);
  const start = address.indexOf("?");
  return start < 0 ? {} : parseFields(new URLSearchParams(address.slice(start + 1)));
}

/** Checks the input and runs the handler, or gives the answer for what is wrong with it. */
async function runChecked(
  { route, handler, coerceQuery, coerceBody }: Plan,
  call: Call,
  { maxBodyBytes = DEFAULT_MAX_BODY_BYTES, onInvalid }: ServingOptions,
): Promise<unknown> {
  const wrong: PartIssues[] = [];
  const check = async (
    part: PartIssues["part"],
    schema: RouteSchema,
    given: unknown,
  ): Promise<unknown> => {
    const result = await schema["~standard"].validate(given);
    if (result.issues === undefined) return result.value;
    wrong.push({ part, issues: result.issues });
    return undefined;
  };
  const { params, query, body } = route;
  // A validator is of the user's, who knows parameters as an object like any other.
  if (params) call.params = await check("params", params, { ...call.params as object });
  if (query) call.query = await check("query", query, coerceQuery(queryOf(call.request.url)));
  if (body) {
    const read = await readBody(call.request, route.bodyTypes, maxBodyBytes);
    if (read.kind === "refused") return refusal(read.status);
    const value = read.type === "json" ? read.value : coerceBody(read.value);
    call.body = await check("body", body, value);
  }
  if (wrong.length === 0) return await handler(call);
  const invalid = invalidInput(route.name, wrong);
  return await onInvalid?.(call.request, invalid) ?? invalidAnswer(invalid);
}

/** What a handler gave, as a response. */
function finish(
  { route }: Plan,
  { request }: Call,
  value: unknown,
  { render, checkResponses }: ServingOptions,
): Answer {
  if (value instanceof Response) return value;
  const { response, component, status } = route;
  const show = (value: unknown): Answer =>
    component !== undefined && render !== undefined
      ? render(request, component, value)
      : toResponse(value, status);
  if (response === undefined || checkResponses !== true) return show(value);
  const checked = response["~standard"].validate(value);
  return checked instanceof Promise
    ? checked.then((result) => show(sendable(route, result)))
    : show(sendable(route, checked));
}

function sendable({ name }: DefinedRoute, result: StandardResult<unknown>): unknown {
  if (result.issues === undefined) return result.value;
  throw new TypeError(
    `Cannot send what the handler of "${name}" gave: ${
      result.issues.map(({ message }) => message).join("; ")
    }`,
  );
}

function toResponse(value: unknown, status: number): Response {
  if (value === undefined) return new Response(null, { status: status === 200 ? 204 : status });
  return status === 200 ? Response.json(value) : Response.json(value, { status });
}

function withoutBody(answer: Answer): Answer {
  if (answer instanceof Promise) return answer.then(withoutBody);
  void answer.body?.cancel();
  return new Response(null, answer);
}

/** Who looks at the browser learns nothing; who looks at the log, all. */
async function fail(
  error: unknown,
  request: Request,
  { onError = reportError }: ServingOptions,
): Promise<Response> {
  try {
    const answer = await onError(error, request);
    if (answer instanceof Response) return answer;
  } catch (second) {
    reportError(second, request);
  }
  return refusal(500);
}

function reportError(error: unknown, request: Request): void {
  // Nobody waits for this answer, and to be interrupted is no failure.
  if (request.signal.aborted) return;
  console.error(`Cannot answer ${request.method} ${pathOf(request.url)}:`, error);
}
