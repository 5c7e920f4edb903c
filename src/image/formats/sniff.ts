/** What a file is, by its first bytes (WHATWG MIME Sniffing; ISO 14496-12 for `ftyp`). Names and types are not believed. */
import { ImageError } from '../../errors.ts';

/** The formats that are read. */
export type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff' | 'svg';

/** Formats that people send and that are not read, so that the answer can say which it was. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^BM[\s\S]{4}\0\0\0\0/, 'BMP'],
  [/^\0\0[\x01\x02]\0/, 'an icon (ICO)'],
  [/^%PDF-/, 'PDF'],
  [/^(?:\xff\x0a|\0\0\0\x0cJXL )/, 'JPEG XL'],
  [/^(?:\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/, 'JPEG 2000'],
  [/^8BPS/, 'Photoshop'],
  [/^(?:\x1a\x45\xdf\xa3|\0\0\x01\xba)/, 'a video'],
  [/^\s*(?:<!doctype html|<html|<head|<body|<script)/i, 'HTML'],
  [/^\s*[[{]/, 'JSON'],
];

/** Bytes that are looked at. An SVG may have a long preamble; every other format is known by 64. */
const HEAD = 65_536;

const refuse = (what: string) =>
  new ImageError('SOURCE_UNSUPPORTED', `The source is ${what}. Read are JPEG, PNG, WebP, GIF, AVIF, TIFF and SVG.`);

/** An ISO base media file: AVIF when a brand says so, the major one or a compatible one. */
function sniffBrands(head: string): Format {
  const size = Math.min(Math.max(head.charCodeAt(2) * 256 + head.charCodeAt(3), 16), 256);
  const brands = [head.slice(8, 12), ...(head.slice(16, size).match(/[\s\S]{4}/g) ?? [])];
  if (brands.includes('avif') || brands.includes('avis')) return 'avif';
  if (brands.some((brand) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) throw refuse('HEIC');
  throw refuse('a video');
}

/** White space, comments, processing instructions and a document type, any number of them; the rest is the root element. */
const PREAMBLE = /^(?:\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^>[]|\[[^\]]*\])*>)*/i;

function sniffText(head: Buffer, whole: boolean): Format | undefined {
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  const rest = text.replace(PREAMBLE, '');
  if (/^<(?:[\w.-]+:)?svg(?=[\s/>])/.test(rest)) return 'svg';
  // Undecided: the tag or what comes before it is not complete yet.
  if (!whole && /^(?:<(?:[!?][\s\S]*|(?:[\w.-]+:?)?)?)?$/.test(rest) && !/^<(?:!doctype html|html)/i.test(rest))
    return undefined;
  throw refuse('no picture');
}

/**
 * The format of a file from its beginning, or undefined when more bytes are needed to tell.
 *
 * @param head the bytes so far
 * @param ended whether these are all
 * @throws ImageError SOURCE_UNSUPPORTED, naming the format where it is a known one
 */
export function sniff(head: Buffer, ended: boolean): Format | undefined;
export function sniff(head: Buffer, ended: true): Format;
export function sniff(head: Buffer, ended: boolean): Format | undefined {
  if (head.length < 64 && !ended) return undefined;
  const start = head.subarray(0, 256).toString('latin1');
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (/^RIFF[\s\S]{4}WEBP/.test(start)) return 'webp';
  if (/^(?:II\*\0|MM\0\*)/.test(start)) return 'tiff';
  if (start.slice(4, 8) === 'ftyp') return sniffBrands(start);
  for (const [magic, name] of REFUSED) if (magic.test(start)) throw refuse(name);
  return sniffText(head.subarray(0, HEAD), ended || head.length >= HEAD);
}
