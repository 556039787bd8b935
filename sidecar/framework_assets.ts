/**
 * What an app gets that asks for tags where a framework makes the pages: the reason why there are none.
 *
 * @module
 */
import type { Assets } from "./asset_source.ts";

/** Makes it. @param title The framework. */
export function frameworkAssets(title: string): Assets {
  const refuse = (): never => {
    throw new Error(`Cannot make tags: in this project ${title} makes the pages`);
  };
  return {
    versionId: title,
    tags: refuse,
    partial: refuse,
    asset: refuse,
    hmrTags: refuse,
    reactRefreshTag: refuse,
    legacyTags: refuse,
  };
}
