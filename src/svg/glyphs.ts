/** Finds characters that no font has a glyph for: they would be drawn as boxes. */
import { svgUnsupported } from './errors.ts';
import { type SvgElement, type SvgReport, walk } from './tree.ts';

/** Matches characters without a glyph of their own: white space, controls, formats, variation selectors. */
const INVISIBLE = /^(?:\s|\p{Cc}|\p{Cf}|\p{Variation_Selector})$/u;

/** Returns whether a font has a glyph for a code point. */
export type Coverage = (code: number) => boolean;

/** Returns whether a character is drawn: by its own glyph, or by those of its letter and marks. */
const hasGlyph = (character: string, isCovered: Coverage) =>
  [character, character.normalize('NFD')].some((form) =>
    [...form].every((part) => isCovered(part.codePointAt(0) ?? 0)),
  );

/**
 * Looks for characters without a glyph in the text of a tree.
 *
 * @param report gets `glyphs` if there are any
 * @param isCovered whether a font has a glyph for a code point
 * @throws ImageError SOURCE_UNSUPPORTED if most characters have none: nothing of such text could be read
 */
export function checkGlyphs(root: SvgElement, report: SvgReport, isCovered: Coverage): void {
  let [visible, missing] = [0, 0];
  walk(root, ({ name, children }) => {
    if (name === 'style') return;
    for (const child of children) {
      if (typeof child !== 'string') continue;
      for (const character of child) {
        if (INVISIBLE.test(character)) continue;
        visible += 1;
        if (!hasGlyph(character, isCovered)) missing += 1;
      }
    }
  });
  if (missing > visible / 2) throw svgUnsupported('most of its text is in a script that no font is included for');
  if (missing) report.unsupported.add('glyphs');
}
