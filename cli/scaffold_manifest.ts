/**
 * The `package.json` of a new project.
 *
 * @module
 */
import type { ServerParts } from "./scaffold_server.ts";
import { programWords } from "./scaffold_words.ts";
import type { Answers, Packages, TemplateParts } from "./template.ts";

/** What is written as `package.json`. */
export interface PackageManifest {
  readonly name: string;
  readonly private: true;
  readonly type: "module";
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Packages;
  readonly devDependencies?: Packages;
}

/** Makes it of the parts; Deno, Bun and npm all run its scripts. */
export function packageManifest(
  parts: TemplateParts,
  server: ServerParts,
  answers: Answers,
): PackageManifest {
  const dependencies = sorted({
    ...parts.dependencies,
    ...server.dependencies,
    ...sidecarOf(server, answers),
  });
  const devDependencies = sorted({ ...parts.devDependencies, ...server.devDependencies });
  return {
    name: answers.name,
    private: true,
    type: "module",
    scripts: scriptsOf(parts, server, answers),
    ...parts.manifest,
    ...(Object.keys(dependencies).length > 0 ? { dependencies } : {}),
    ...(Object.keys(devDependencies).length > 0 ? { devDependencies } : {}),
  };
}

function sidecarOf({ usesSidecar }: ServerParts, { sidecar }: Answers): Packages {
  return usesSidecar || sidecar.isProgram ? { "@lv/sidecar": sidecar.dependency } : {};
}

function scriptsOf(
  { check }: TemplateParts,
  { main, test }: ServerParts,
  answers: Answers,
): Readonly<Record<string, string>> {
  const program = programWords(answers);
  const isDenoServer = answers.runtime === "deno" && answers.backend !== "litestar";
  const checks = check === undefined ? [] : [
    // What is generated is there after the first `dev` or `build`, or after this.
    ...(answers.sdk ? [`${program} generate-types --quiet`] : []),
    check,
    ...(isDenoServer ? [`deno check ${main}`] : []),
  ];
  return {
    dev: `${program} dev`,
    build: `${program} build`,
    serve: `${program} serve`,
    ...(checks.length > 0 ? { check: checks.join(" && ") } : {}),
    test,
  };
}

function sorted(packages: Packages): Packages {
  return Object.fromEntries(
    Object.entries(packages).sort(([one], [other]) => one < other ? -1 : 1),
  );
}
