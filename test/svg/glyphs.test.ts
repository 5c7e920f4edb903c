import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COVERED } from '../../src/svg/glyphs.ts';

/** Reads the code points of a font from its `cmap` table of format 4 (OpenType). */
function codePoints(font: Buffer): number[] {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i);
  const cmap = font.readUInt32BE((tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap') ?? 0) + 8);
  const at = cmap + font.readUInt32BE(cmap + 8);
  expect(font.readUInt16BE(at)).toBe(4);
  const bytes = font.readUInt16BE(at + 6);
  const [ends, starts, deltas, offsets] = [14, 16 + bytes, 16 + 2 * bytes, 16 + 3 * bytes].map((part) => at + part);
  return Array.from({ length: bytes / 2 }, (_, i) => 2 * i).flatMap((i) => {
    const [start, end] = [font.readUInt16BE((starts ?? 0) + i), font.readUInt16BE((ends ?? 0) + i)];
    const [delta, offset] = [font.readUInt16BE((deltas ?? 0) + i), font.readUInt16BE((offsets ?? 0) + i)];
    const glyph = (code: number) =>
      offset ? font.readUInt16BE((offsets ?? 0) + i + offset + 2 * (code - start)) : (code + delta) & 0xffff;
    return Array.from({ length: end - start + 1 }, (__, k) => start + k).filter((code) => code < 0xffff && glyph(code));
  });
}

test('the covered code points are those of the font', () => {
  const font = codePoints(readFileSync(new URL('../../src/svg/fonts/OpenSans_400Regular.ttf', import.meta.url)));
  const covered = COVERED.split(' ').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map((code) => Number.parseInt(code, 16));
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  expect(covered).toEqual(font.filter((code) => code >= 0x20).sort((a, b) => a - b));
});
