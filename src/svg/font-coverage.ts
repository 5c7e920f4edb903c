/** Reads which characters the fonts of a folder have glyphs for, from their `cmap` tables (OpenType 1.9). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Coverage } from './glyphs.ts';

/** Folder of the included fonts, and of those that the build adds. */
export const INCLUDED_FONTS = fileURLToPath(new URL('./fonts', import.meta.url));

/** Maximum files of a folder that are read. */
const MAX_FILES = 500;
const CODE_POINTS = 0x11_0000;
/** Tables of colour fonts, which librsvg draws as blanks: `fonts.conf` excludes them. */
const COLOUR_TABLES: readonly string[] = ['COLR', 'CBDT', 'sbix', 'SVG '];
/** Pango reads fonts in these containers only, not WOFF. */
const EXTENSION = /\.(?:ttf|otf|ttc|otc)$/i;

/** Code points as bits. */
type Bits = Uint8Array;
const has = (bits: Bits, code: number) => ((bits[code >> 3] ?? 0) & (1 << (code & 7))) !== 0;
const set = (bits: Bits, code: number) => {
  bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7));
};

/** Reads a subtable of format 4: segments of the Basic Multilingual Plane. */
function readSegments(font: Buffer, at: number, bits: Bits): void {
  const bytes = font.readUInt16BE(at + 6);
  for (let i = 0; i < bytes; i += 2) {
    const end = font.readUInt16BE(at + 14 + i);
    const start = font.readUInt16BE(at + 16 + bytes + i);
    const delta = font.readUInt16BE(at + 16 + 2 * bytes + i);
    const offsetAt = at + 16 + 3 * bytes + i;
    const offset = font.readUInt16BE(offsetAt);
    for (let code = start; code <= end && code < 0xffff; code++) {
      const glyph = offset ? font.readUInt16BE(offsetAt + offset + 2 * (code - start)) : (code + delta) & 0xffff;
      if (glyph) set(bits, code);
    }
  }
}

/** Reads a subtable of format 12: groups of all planes. */
function readGroups(font: Buffer, at: number, bits: Bits): void {
  const groups = font.readUInt32BE(at + 12);
  for (let group = at + 16; group < at + 16 + 12 * groups; group += 12) {
    const start = font.readUInt32BE(group);
    const end = Math.min(font.readUInt32BE(group + 4), CODE_POINTS - 1);
    for (let code = start; code <= end; code++) set(bits, code);
  }
}

/** Reads one font of a file. */
function readFont(font: Buffer, at: number, bits: Bits): void {
  const tables = new Map<string, number>();
  for (let i = 0; i < font.readUInt16BE(at + 4); i++) {
    const record = at + 12 + 16 * i;
    tables.set(font.toString('latin1', record, record + 4), font.readUInt32BE(record + 8));
  }
  const cmap = tables.get('cmap');
  if (cmap === undefined || COLOUR_TABLES.some((name) => tables.has(name))) return;
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const platform = font.readUInt16BE(cmap + 4 + 8 * i);
    const subtable = cmap + font.readUInt32BE(cmap + 8 + 8 * i);
    const format = font.readUInt16BE(subtable);
    // Unicode and Windows: others are of older encodings.
    if (platform !== 0 && platform !== 3) continue;
    if (format === 4) readSegments(font, subtable, bits);
    else if (format === 12) readGroups(font, subtable, bits);
  }
}

/** Reads the fonts of a file. One that ends early is no font that FreeType reads. */
function readFile(path: string, bits: Bits): void {
  const font = readFileSync(path);
  try {
    if (font.toString('latin1', 0, 4) !== 'ttcf') readFont(font, 0, bits);
    else for (let i = 0; i < font.readUInt32BE(8); i++) readFont(font, font.readUInt32BE(12 + 4 * i), bits);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

/**
 * Returns the paths of the fonts in a folder and those below it.
 *
 * @throws Error of the file system
 */
export const fontFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => EXTENSION.test(name))
    .sort()
    .slice(0, MAX_FILES)
    .map((name) => join(folder, name));

/**
 * Creates a check whether any font has a glyph for a code point. The files are read when it is called for the first time.
 *
 * @param folders of fonts
 */
export function createCoverage(folders: readonly string[]): Coverage {
  let bits: Bits | undefined;
  const read = () => {
    const all = new Uint8Array(CODE_POINTS / 8);
    for (const path of folders.flatMap(fontFiles)) readFile(path, all);
    return all;
  };
  return (code) => {
    bits ??= read();
    return has(bits, code);
  };
}
