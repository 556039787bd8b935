/**
 * Checks of tools whose versions differ in what they read.
 *
 * @module
 */
import type { Check } from "./check.ts";
import { type Finding, show, warning } from "./finding.ts";
import { known } from "./part.ts";
import { isInRange } from "./version_range.ts";

/** Tools that read TypeScript through its old interface, which version 7 does not have. */
const OLD_INTERFACE: readonly string[] = ["vue-tsc", "svelte-check", "@sveltejs/kit", "ts-node"];

const typescriptPairing: Check = {
  id: "typescript-pairing",
  title: "TypeScript is one that the other tools can use",
  look: (snapshot) => {
    const { installed } = known(snapshot.packages);
    const { tsconfig } = known(snapshot.manifests);
    const findings: Finding[] = [];
    const typescript = installed.get("typescript");
    const tools = OLD_INTERFACE.filter((name) => installed.has(name));
    if (typescript !== undefined && isInRange(">=7", typescript.version) && tools.length > 0) {
      findings.push(warning({
        message: `TypeScript ${typescript.version} does not work with ${tools.join(", ")}`,
        fix: 'install "typescript": "~6.0.3"',
      }));
    }
    const kit = installed.get("@sveltejs/kit");
    const extended = tsconfig?.fields?.["extends"];
    if (kit !== undefined && isInRange(">=3", kit.version) && extended !== "$app/tsconfig") {
      findings.push(warning({
        message: `SvelteKit ${kit.version} needs "extends": "$app/tsconfig" in tsconfig.json: ` +
          "without it pages are a 500",
        evidence: tsconfig === undefined ? [] : [`${tsconfig.path} extends ${show(extended)}`],
        fix: 'write "extends": "$app/tsconfig" into tsconfig.json',
      }));
    }
    return findings;
  },
};

const tailwind: Check = {
  id: "tailwind",
  title: "Tailwind is set up as its version wants it",
  look: (snapshot) => {
    const { installed } = known(snapshot.packages);
    const tailwindcss = installed.get("tailwindcss");
    if (tailwindcss === undefined || !isInRange(">=4", tailwindcss.version)) return [];
    const { files, texts } = known(snapshot.files);
    const old = files.map(({ path }) => path).filter((path) =>
      /^tailwind\.config\.[cm]?[jt]s$/.test(path)
    );
    const findings: Finding[] = [];
    const css = [...texts].filter(([path]) => /\.css$/.test(path));
    const isUsed = css.some(([, text]) => /@config\b/.test(text));
    if (old.length > 0 && !isUsed) {
      findings.push(warning({
        message: `Tailwind ${tailwindcss.version} does not read ${old.join(", ")}`,
        evidence: old,
        fix:
          'move it into the style sheet (@theme, @plugin), or name it there: @config "../tailwind.config.js"',
      }));
    }
    const directives = css.filter(([, text]) => /^[ \t]*@tailwind\s/m.test(text)).map(([path]) =>
      path
    );
    if (directives.length > 0) {
      findings.push(warning({
        message: "@tailwind is of version 3: the styles stay empty",
        evidence: directives,
        fix: 'write @import "tailwindcss"; instead',
      }));
    }
    return findings;
  },
};

/** Attributes that htmx 4 does not have any more, or reads otherwise. */
const OLD_HTMX_REGEXP =
  /\bhx-(?:ext|vars|params|inherit|disinherit|history|disabled-elt|request)\s*=/;

const htmxVersion: Check = {
  id: "htmx-version",
  title: "htmx attributes are of the version that is installed",
  look: (snapshot) => {
    const htmx = known(snapshot.packages).installed.get("htmx.org");
    if (htmx === undefined || !isInRange(">=4", htmx.version)) return [];
    const { texts } = known(snapshot.files);
    const places = [...texts].flatMap(([path, text]) => {
      const match = /\.(?:html?|jinja2?|j2|vto|[jt]sx)$/.test(path)
        ? OLD_HTMX_REGEXP.exec(text)
        : null;
      return match === null ? [] : [`${path}: ${match[0].slice(0, -1).trim()}`];
    });
    if (places.length === 0) return [];
    return [warning({
      message: `htmx ${htmx.version} does not know attributes of htmx 2 that are used`,
      evidence: places.slice(0, 8),
      fix: `npx htmx.org@${htmx.version} upgrade-check, or install htmx.org@2`,
    })];
  },
};

/** Checks of tools. */
export const TOOL_CHECKS: readonly Check[] = [typescriptPairing, tailwind, htmxVersion];
