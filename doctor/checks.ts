/**
 * All checks, in the order of their findings.
 *
 * @module
 */
import type { Check } from "./check.ts";
import { LIVE_CHECKS } from "./checks_live.ts";
import { PACKAGE_CHECKS } from "./checks_packages.ts";
import { MACHINE_CHECKS } from "./checks_machine.ts";
import { OUTPUT_CHECKS } from "./checks_output.ts";
import { PROJECT_CHECKS } from "./checks_project.ts";
import { TOOL_CHECKS } from "./checks_tools.ts";
import { VITE_CHECKS } from "./checks_vite.ts";

/** The checks that need nothing to run. */
export const STATIC_CHECKS: readonly Check[] = [
  ...PACKAGE_CHECKS,
  ...TOOL_CHECKS,
  ...PROJECT_CHECKS,
  ...OUTPUT_CHECKS,
  ...MACHINE_CHECKS,
  ...VITE_CHECKS,
];

/** All of them. */
export const ALL_CHECKS: readonly Check[] = [...STATIC_CHECKS, ...LIVE_CHECKS];
