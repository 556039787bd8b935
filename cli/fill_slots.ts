/**
 * Fills the slots of a template's text.
 *
 * A template is a real file: JavaScript that runs, with types in comments that TypeScript gets.
 *
 * @module
 */

const SLOT_REGEXP = /__([A-Z]+(?:_[A-Z]+)*)__/g;
// Case: (name/*+: string*/) -> (name: string) in TypeScript, (name) in JavaScript
const TYPE_REGEXP = /\/\*\+(.*?)\*\//g;
const TYPE_IMPORT_REGEXP = /^[ \t]*import type .*;\n/gm;

/** Values of slots by their names: `NAME` is put where `__NAME__` stands. */
export type Slots = Readonly<Record<string, string>>;

/**
 * Fills the slots of a text. Values are put in as they are, so they are checked before.
 *
 * @throws {Error} If a slot has no value: a template and `scaffold` disagree.
 */
export function fillSlots(text: string, slots: Slots): string {
  return text.replace(SLOT_REGEXP, (slot, name: string) => {
    const value = slots[name];
    if (value === undefined) throw new Error(`Cannot fill "${slot}": it has no value`);
    return value;
  });
}

/** Makes TypeScript or JavaScript of a template's text. */
export function chooseLanguage(text: string, isTypeScript: boolean): string {
  if (isTypeScript) return text.replace(TYPE_REGEXP, "$1");
  // An import leaves no empty lines at the head of its file.
  return text.replace(TYPE_IMPORT_REGEXP, "").replace(TYPE_REGEXP, "").replace(/^\n+/, "");
}
