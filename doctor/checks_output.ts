/**
 * Checks of what is made of a project: a build, and generated types.
 *
 * @module
 */
import type { Check } from "./check.ts";
import { error, type Finding, info, MAX_PLACES, show, warning } from "./finding.ts";
import { known } from "./part.ts";
import { frameworkOf, isSameBase, isSource } from "./project_facts.ts";

const build: Check = {
  id: "build",
  title: "what is built is whole, and as new as its sources",
  look: (snapshot) => {
    const { problems, missing, folder, builtMs, entries, manifestPath, base } = known(
      snapshot.build,
    );
    const findings: Finding[] = problems.map((message) =>
      error({ message, evidence: [folder], fix: "build again: the command build" })
    );
    if (missing.length > 0) {
      findings.push(error({
        message: `${missing.length} files that the manifest names are not there`,
        evidence: missing.slice(0, MAX_PLACES),
        fix: "build again: the command build",
      }));
    }
    if (manifestPath === undefined) return findings;
    const { files } = known(snapshot.files);
    const gone = entries.filter((entry) => !files.some(({ path }) => path === entry));
    if (gone.length > 0 && !known(snapshot.files).isCut) {
      findings.push(warning({
        message: "Sources that were built are not there any more",
        evidence: gone.slice(0, MAX_PLACES),
        fix: "build again: the command build",
      }));
    }
    // Built files lie below a folder that is not walked; what is left are sources.
    const newer = files.filter(({ path, mtimeMs }) => isSource(path) && mtimeMs > builtMs);
    if (newer.length > 0) {
      findings.push(info({
        message: `${newer.length} sources are newer than the build`,
        evidence: newer.slice(0, 3).map(({ path }) => path),
        fix: "build again before serve: the command build",
      }));
    }
    const assetUrl = snapshot.options.config?.assetUrl;
    if (typeof base === "string" && assetUrl !== undefined && !isSameBase(base, assetUrl)) {
      findings.push(error({
        message: `The build is made for the base ${show(base)}, and assetUrl is ${show(assetUrl)}`,
        evidence: [folder],
        fix: "build again: the command build",
      }));
    }
    return findings;
  },
};

const types: Check = {
  id: "types",
  title: "generated types are up to date, and where they may be",
  look: (snapshot) => {
    const { kind, output, files, problems } = known(snapshot.types);
    const findings: Finding[] = [];
    if (kind === "stale") {
      findings.push(error({
        message: `${files.length} generated files in "${output}" are not up to date`,
        evidence: files.slice(0, MAX_PLACES),
        fix: "the command generate-types",
      }));
    }
    if (kind === "failed") {
      findings.push(error({
        message: `Cannot tell whether the types in "${output}" are up to date: ${
          problems[0] ?? "nobody says why"
        }`,
        evidence: problems.slice(1, MAX_PLACES),
        fix: "the command generate-types says more",
      }));
    }
    const framework = frameworkOf(snapshot);
    if (
      framework !== undefined &&
      /^(?:src\/(?:pages|routes)|app\/routes|\.nuxt|\.svelte-kit)(?:\/|$)/.test(output)
    ) {
      findings.push(error({
        message:
          `Types are generated into "${output}", where ${framework.title} takes every file for a page`,
        fix: "give types.output another folder",
      }));
    }
    return findings;
  },
};

/** Checks of what is made. */
export const OUTPUT_CHECKS: readonly Check[] = [build, types];
