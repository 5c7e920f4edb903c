/** The path of thumbor, which imagor and Dynamic Image Transformation have taken over. Pure. */
import { decodePart, NoCounterpart } from './old-url.ts';

/** What a path says, as it is written. */
export interface ThumborPath {
  readonly trim?: string | undefined;
  /** Left, top, right and bottom. */
  readonly crop?: readonly [string, string, string, string] | undefined;
  readonly fitIn?: string | undefined;
  readonly stretch: boolean;
  readonly width?: string | undefined;
  readonly height?: string | undefined;
  readonly flop: boolean;
  readonly flip: boolean;
  readonly padding?: string | undefined;
  readonly horizontal?: string | undefined;
  readonly vertical?: string | undefined;
  readonly smart: boolean;
  readonly filters: readonly { readonly name: string; readonly args: readonly string[] }[];
  /** Percent-decoded. */
  readonly source: string;
}

const COORDINATE = String.raw`(\d+(?:\.\d+)?|\.\d+)`;
/** The parts, in their order. */
const PARTS = {
  meta: /^meta$/,
  trim: /^trim(?::.*)?$/,
  crop: new RegExp(`^${COORDINATE}x${COORDINATE}:${COORDINATE}x${COORDINATE}$`),
  fitIn: /^(?:adaptive-)?(?:full-)?fit-in$/,
  stretch: /^stretch$/,
  size: /^(-?)(\d*|orig)x(-?)(\d*|orig)$/,
  padding: /^\d+x\d+(?::\d+x\d+)?$/,
  horizontal: /^(?:left|center|right)$/,
  vertical: /^(?:top|middle|bottom)$/,
  smart: /^smart$/,
} as const;

/** Splits at the separators outside of brackets. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function readFilter(text: string): { name: string; args: string[] } {
  const [, name = '', args = ''] = /^([a-z_]+)\((.*)\)$/is.exec(decodePart(text)) ?? [];
  if (!name) throw new NoCounterpart(`${text.slice(0, 20).replace(/\W/g, '?')} is not a filter`);
  return { name: name.toLowerCase(), args: args ? splitOutside(args, ',').map((arg) => arg.trim()) : [] };
}

/** Splits filters and source: a filter may hold slashes. */
function splitFilters(text: string): { filters: string[]; source: string } {
  if (!text.startsWith('filters:')) return { filters: [], source: text };
  const [filters = '', ...source] = splitOutside(text, '/');
  return { filters: splitOutside(filters.slice('filters:'.length), ':').filter(Boolean), source: source.join('/') };
}

/**
 * Reads a path without its hash.
 *
 * @throws NoCounterpart for a request of metadata, a filter that is none, or a path without a source
 */
export function readPath(path: string): ThumborPath {
  const segments = path.split('/');
  const found: Partial<Record<keyof typeof PARTS, RegExpExecArray>> = {};
  for (const [name, pattern] of Object.entries(PARTS)) {
    const match = segments.length > 1 ? pattern.exec(decodePart(segments[0] ?? '')) : null;
    // A padding comes after a size.
    if (!match || (name === 'padding' && !found.size)) continue;
    found[name as keyof typeof PARTS] = match;
    segments.shift();
  }
  if (found.meta) throw new NoCounterpart('the metadata of a request has no counterpart');
  const { filters, source } = splitFilters(segments.join('/'));
  if (!source) throw new NoCounterpart('the path has no source');
  const [, horizontalFlip, width, verticalFlip, height] = found.size ?? [];
  const [, left, top, right, bottom] = found.crop ?? [];
  return {
    trim: found.trim?.[0],
    crop: found.crop && [left ?? '', top ?? '', right ?? '', bottom ?? ''],
    fitIn: found.fitIn?.[0],
    stretch: found.stretch !== undefined,
    width,
    height,
    flop: horizontalFlip === '-',
    flip: verticalFlip === '-',
    padding: found.padding?.[0],
    horizontal: found.horizontal?.[0],
    vertical: found.vertical?.[0],
    smart: found.smart !== undefined,
    filters: filters.map(readFilter),
    source: decodePart(source),
  };
}
