// Templates without an engine: what is put into them is escaped, unless it is HTML already.

class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type { Html };

type Value = string | number | Html | readonly Html[];

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function render(value: Value): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.join("");
  return String(value).replace(
    /[&<>"']/g,
    (character) => ESCAPES[character] ?? character,
  );
}

export function html(
  texts: TemplateStringsArray,
  ...values: readonly Value[]
): Html {
  return new Html(String.raw({ raw: texts }, ...values.map(render)));
}

/** Text that is HTML already. */
export function raw(text: string): Html {
  return new Html(text);
}
