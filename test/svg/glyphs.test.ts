import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createCoverage, INCLUDED_FONTS } from '../../src/svg/font-coverage.ts';

const added = fileURLToPath(new URL('../fixtures/fonts', import.meta.url));
const included = createCoverage([INCLUDED_FONTS]);
const all = createCoverage([INCLUDED_FONTS, added]);
const code = (character: string) => character.codePointAt(0) ?? 0;

describe('characters that fonts have glyphs for', () => {
  test.each(['A', 'ż', 'Ω', 'я', 'ש', '\u0301', 'ﬁ'])('%s: the included font', (character) =>
    expect(included(code(character))).toBe(true),
  );
  test.each(['م', '漢', '😀', '→', '\uffff'])('%s: not the included font', (character) =>
    expect(included(code(character))).toBe(false),
  );
  test.each(['A', 'م', '漢', '😀', '🚀'])('%s: with a folder', (character) => expect(all(code(character))).toBe(true));
  // The party popper is in a colour font only.
  test.each(['鬱', '🎉', '😁'])('%s: not with the folder either', (character) =>
    expect(all(code(character))).toBe(false),
  );
});
