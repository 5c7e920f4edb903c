/** Decodes the bytes of an SVG to text, and takes long embedded data out of it, so that a parser reads markup only. */
import { MAX } from '../image/formats/bounds.ts';
import { svgCorrupt, svgTooComplex } from './errors.ts';

/** The byte order marks of XML 1.0, F.1; without one, UTF-16 is known by its first character, `<`. */
const ENCODINGS: readonly (readonly [RegExp, string])[] = [
  [/^\xef\xbb\xbf/, 'utf-8'],
  [/^(?:\xff\xfe|<\0)/, 'utf-16le'],
  [/^(?:\xfe\xff|\0<)/, 'utf-16be'],
];
/** Matches the encoding of an XML declaration. */
const DECLARED = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/;

/**
 * Decodes an SVG: by its byte order mark, else by its XML declaration, else as UTF-8.
 *
 * @throws ImageError IMAGE_CORRUPT if the encoding is unknown
 */
export function decodeSvgText(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 512);
  const byMark = ENCODINGS.find(([mark]) => mark.test(head))?.[1];
  const declared = DECLARED.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  // An encoding of two bytes cannot be that of a declaration that was read by single bytes.
  const encoding = byMark ?? (/^(?:utf-?(?:8|16.*)|ucs-?2|us-ascii)$/.test(declared) ? 'utf-8' : declared);
  if (encoding === 'utf-8') return bytes.toString('utf8').replace(/^\ufeff/, '');
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    throw svgCorrupt('its encoding is not supported', cause);
  }
}

/** Text without its long embedded data, which `references.ts` finds by number. */
export interface SvgText {
  readonly text: string;
  /** Base64, as it was written. */
  readonly data: string[];
}

const BASE64 = ';base64,';
/** Minimum characters of data that are taken out. */
const MIN_DATA_LENGTH = 256;

/**
 * Replaces each long run of base64 by `#` and its number. What ends a run ends a data URL in an attribute and in CSS.
 *
 * @throws ImageError IMAGE_TOO_LARGE if there is too much markup beside the data
 */
export function extractData(source: string): SvgText {
  const data: string[] = [];
  let text = '';
  let from = 0;
  const end = /["'()<>]/g;
  for (let at = source.indexOf(BASE64); at >= 0; at = source.indexOf(BASE64, end.lastIndex)) {
    const start = at + BASE64.length;
    end.lastIndex = start;
    const stop = end.exec(source)?.index ?? source.length;
    end.lastIndex = stop;
    if (stop - start < MIN_DATA_LENGTH) continue;
    text += `${source.slice(from, start)}#${data.length}`;
    data.push(source.slice(start, stop));
    from = stop;
  }
  text += source.slice(from);
  if (text.length > MAX.svgCharacters)
    throw svgTooComplex(`more than ${MAX.svgCharacters} characters without its embedded images`);
  return { text, data };
}
