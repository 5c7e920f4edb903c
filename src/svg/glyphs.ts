/** Finds characters that the included font has no glyph for: they would be drawn as boxes. */
import { svgUnsupported } from './errors.ts';
import { type SvgElement, type SvgReport, walk } from './tree.ts';

/** Code points of `fonts/OpenSans_400Regular.ttf`, in hexadecimal; a test compares them with the font. */
export const COVERED =
  '20-7e a0-17f 192 1a0-1a1 1af-1b0 1ea-1ed 1f0 1fa-1ff 218-21b 237 259 2bc 2c6-2c7 2c9 2d8-2dd 2f3 ' +
  '300-304 306-30c 30f 312 323 326-328 384-38a 38c 38e-3a1 3a3-3ce 3d1-3d2 3d6 400-486 488-513 5b0-5be ' +
  '5c1-5c2 5c7 5d0-5ea 1e00-1e01 1e3e-1e3f 1e80-1e85 1e9e 1ea0-1ef9 1f4d 1fde 2000-200b 2013-2015 ' +
  '2017-201e 2020-2022 2026 2030 2032-2033 2039-203a 203c 2044 2070 2074-207a 207c-208a 208c-208e ' +
  '2095-209c 20a3-20a4 20a7 20aa-20ac 2105 2113 2116 2120 2122 2126 212e 215b-215e 2202 2206 220f ' +
  '2211-2212 2215 221a 221e 222b 2248 2260 2264-2265 25ca a7b3-a7b5 ab53 fb00-fb04 fb2a-fb36 fb38-fb3c ' +
  'fb3e fb40-fb41 fb43-fb44 fb46-fb4b feff fffc-fffd';

const RANGES = COVERED.split(' ').map((range) => range.split('-').map((code) => Number.parseInt(code, 16)));

/** Returns whether the font has a glyph for a code point. */
const isCovered = (code: number) => RANGES.some(([first = 0, last = first]) => code >= first && code <= last);

/** Matches characters without a glyph of their own: white space, controls, formats, variation selectors. */
const INVISIBLE = /^(?:\s|\p{Cc}|\p{Cf}|\p{Variation_Selector})$/u;

/** Returns whether a character is drawn: by its own glyph, or by those of its letter and marks. */
const hasGlyph = (character: string) =>
  INVISIBLE.test(character) || [...character.normalize('NFD')].every((part) => isCovered(part.codePointAt(0) ?? 0));

/**
 * Looks for characters without a glyph in the text of a tree.
 *
 * @param report gets `glyphs` if there are any
 * @throws ImageError SOURCE_UNSUPPORTED if most characters have none: nothing of such text could be read
 */
export function checkGlyphs(root: SvgElement, report: SvgReport): void {
  let [visible, missing] = [0, 0];
  walk(root, ({ name, children }) => {
    if (name === 'style') return;
    for (const child of children) {
      if (typeof child !== 'string') continue;
      for (const character of child) {
        if (INVISIBLE.test(character)) continue;
        visible += 1;
        if (!hasGlyph(character)) missing += 1;
      }
    }
  });
  if (missing > visible / 2) throw svgUnsupported('most of its text is in a script that no font is included for');
  if (missing) report.unsupported.add('glyphs');
}
