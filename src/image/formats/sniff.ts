/** Sniffs the format of a file from its first bytes (WHATWG MIME Sniffing; ISO 14496-12 for `ftyp`). File names and media types are ignored. */
import { ImageError } from '../../errors.ts';
import { type Format, SUPPORTED_INPUTS, sourceFormats } from './source-formats.ts';

export type { Format };

/** Formats that are sent but not supported, so that the error can name them. */
const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/^%PDF-/, 'PDF'],
  [/^(?:\xff\x0a|\0\0\0\x0cJXL )/, 'JPEG XL'],
  [/^(?:\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/, 'JPEG 2000'],
  [/^8BPS/, 'Photoshop'],
  [/^(?:\x1a\x45\xdf\xa3|\0\0\x01\xba)/, 'Video'],
  [/^\s*(?:<!doctype html|<html|<head|<body|<script)/i, 'HTML'],
  [/^\s*[[{]/, 'JSON'],
];

/** Maximum bytes that are read. An SVG may have a long preamble; every other format is known by 64. */
const HEAD_BYTES = 65_536;

const unsupported = (format: string) =>
  new ImageError('SOURCE_UNSUPPORTED', `${format} is not supported. ${SUPPORTED_INPUTS}`);

/** Sniffs an ISO base media file: AVIF or HEIC if the major brand or a compatible one says so. */
function sniffBrands(head: string): Format {
  const size = Math.min(Math.max(head.charCodeAt(2) * 256 + head.charCodeAt(3), 16), 256);
  const brands = [head.slice(8, 12), ...(head.slice(16, size).match(/[\s\S]{4}/g) ?? [])];
  if (brands.includes('avif') || brands.includes('avis')) return 'avif';
  if (brands.some((brand) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return 'heic';
  throw unsupported('Video');
}

/** Matches any number of spaces, comments, processing instructions and document types before the root element. */
const PREAMBLE =
  /^(?:\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^>[]|\[(?:"[^"]*"|'[^']*'|<!--(?:(?!-->)[\s\S])*-->|<(?!!--)|[^\]"'<])*\])*>)*/i;

/** Matches a byte order mark of UTF-16, or `<` in it: every XML parser reads it (XML 1.0, 4.3.3). */
const UTF_16 = [
  [/^(?:\xff\xfe|<\0)/, 'utf-16le'],
  [/^(?:\xfe\xff|\0<)/, 'utf-16be'],
] as const;

function sniffText(head: Buffer, isComplete: boolean): Format | undefined {
  const start = head.toString('latin1', 0, 2);
  const encoding = UTF_16.find(([mark]) => mark.test(start))?.[1] ?? 'utf-8';
  const text = new TextDecoder(encoding).decode(encoding === 'utf-8' ? head : head.subarray(0, head.length & ~1));
  const rest = text.replace(PREAMBLE, '');
  if (/^<(?:[\w.-]+:)?svg(?=[\s/>])/.test(rest)) return 'svg';
  // Undecided: the root tag or the preamble is not complete yet.
  if (!isComplete && /^(?:<(?:[!?][\s\S]*|(?:[\w.-]+:?)?)?)?$/.test(rest) && !/^<(?:!doctype html|html)/i.test(rest))
    return undefined;
  throw new ImageError('SOURCE_UNSUPPORTED', `The source is not an image. ${SUPPORTED_INPUTS}`);
}

/** Matches white space and a byte order mark before an image: scripts write them by mistake. */
const LEADING = /^(?:\xef\xbb\xbf|[\t\n\r ]){0,128}/;

/** Returns the format whose first bytes these are, as latin1; `ftyp` for the container of AVIF. */
const magicFormat = (start: string): Format | 'ftyp' | undefined =>
  start.slice(4, 8) === 'ftyp' ? 'ftyp' : sourceFormats.find(([, { magic }]) => magic?.test(start))?.[0];

/** Returns where a raster image begins: 0, or after white space and a byte order mark. Text decoders skip these themselves. */
export function imageStart(head: Buffer): number {
  const start = head.toString('latin1', 0, 512);
  const leading = LEADING.exec(start)?.[0].length ?? 0;
  return magicFormat(start.slice(leading)) ? leading : 0;
}

/** Returns whether a file is gzip (RFC 1952, 2.3.1), as SVG may be stored: `.svgz`. */
export const isGzipFile = (head: Buffer) => head.toString('latin1', 0, 3) === '\x1f\x8b\x08';

/**
 * Sniffs the format of a file from its first bytes.
 *
 * @param head the bytes so far
 * @param isComplete whether these are all
 * @returns undefined if more bytes are needed
 * @throws ImageError SOURCE_UNSUPPORTED, naming the format if it is a known one
 */
export function sniff(head: Buffer, isComplete: boolean): Format | undefined;
export function sniff(head: Buffer, isComplete: true): Format;
export function sniff(head: Buffer, isComplete: boolean): Format | undefined {
  if (head.length < 64 && !isComplete) return undefined;
  const from = imageStart(head);
  const start = head.toString('latin1', from, from + 256);
  const format = magicFormat(start);
  if (format) return format === 'ftyp' ? sniffBrands(start) : format;
  for (const [magic, name] of UNSUPPORTED) if (magic.test(start)) throw unsupported(name);
  return sniffText(head.subarray(0, HEAD_BYTES), isComplete || head.length >= HEAD_BYTES);
}
