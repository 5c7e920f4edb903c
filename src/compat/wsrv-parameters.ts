/** The parameters of wsrv.nl, old names and lenient values included, as those of pixgate. Pure. */
import type { OldUrl, Query } from './old-url.ts';
import {
  amount,
  colour,
  degrees,
  delays,
  effect,
  fallback,
  fileName,
  flag,
  integer,
  length,
  maxAge,
  number,
  oneOf,
  type Read,
  toNumber,
} from './wsrv-values.ts';

/** Parameters by their old and their long names. */
const NAMES: Readonly<Record<string, string>> = {
  shape: 'mask',
  strim: 'mtrim',
  or: 'ro',
  rot: 'ro',
  t: 'fit',
  pages: 'n',
  width: 'w',
  height: 'h',
  align: 'a',
  level: 'l',
  quality: 'q',
  lossless: 'll',
  errorredirect: 'default',
};

/** The values of `fit` in version 4. */
const FITS = new Map<string, Query>([
  ['fit', { fit: 'inside', we: '1' }],
  ['fitup', { fit: 'inside' }],
  ['square', { fit: 'cover' }],
  ['squaredown', { fit: 'cover', we: '1' }],
  ['absolute', { fit: 'fill' }],
  ['letterbox', { fit: 'contain' }],
]);

const POSITIONS = 'center top right bottom left top-left top-right bottom-left bottom-right entropy attention';
const SHORT_POSITIONS: Readonly<Record<string, string>> = { t: 'top', r: 'right', b: 'bottom', l: 'left' };

/** Longer sides are invalid: those of libvips' images. */
const MAX_SIDE = 10_000_000;
/** A crop ends at the edge of the image. */
const MAX_CROP = 8192;

/** How each parameter is read that has the same name in pixgate. */
const VALUES = new Map<string, Read>([
  ['w', length(1, MAX_SIDE)],
  ['h', length(1, MAX_SIDE)],
  ['dpr', number(0, 8)],
  ['we', flag],
  ['cx', length(0, MAX_CROP)],
  ['cy', length(0, MAX_CROP)],
  ['cw', length(1, MAX_CROP)],
  ['ch', length(1, MAX_CROP)],
  ['precrop', flag],
  ['fpx', number(0, 1)],
  ['fpy', number(0, 1)],
  ['mask', oneOf('circle ellipse triangle triangle-180 pentagon pentagon-180 hexagon square star heart')],
  ['mtrim', flag],
  ['mbg', colour],
  ['ro', degrees],
  ['rbg', colour],
  ['flip', flag],
  ['flop', flag],
  ['bri', integer(-100, 100)],
  ['sat', amount(10)],
  ['hue', degrees],
  ['con', integer(-100, 100)],
  ['gam', effect(1, 3)],
  ['sharpf', amount(10_000)],
  ['sharpj', amount(10_000)],
  ['trim', integer(1, 254)],
  ['tbg', colour],
  ['blur', effect(0.3, 1000)],
  ['filt', oneOf('greyscale sepia duotone negate')],
  ['start', colour],
  ['stop', colour],
  ['bg', colour],
  ['cbg', colour],
  ['tint', colour],
  ['q', integer(1, 100)],
  ['l', integer(0, 9)],
  ['il', flag],
  ['ll', flag],
  ['af', flag],
  ['page', integer(-2, 100_000)],
  ['n', integer(-1, 10_000)],
  ['loop', integer(0, 65_535)],
  ['delay', delays],
  ['encoding', (text) => oneOf('base64')(text.toLowerCase())],
  ['filename', fileName],
  ['maxage', maxAge],
  ['v', (text) => text.slice(0, 64) || undefined],
  // The original: see `wsrv-response.ts`.
  ['default', (text) => (text === '1' ? undefined : fallback(text))],
]);

const sharpness = effect(1e-6, 10);
const listOf = (text: string) => text.split(',').map((item) => item.trim());

/** Each parameter that is read differently, as parameters of pixgate. */
const SPECIAL = new Map<string, (text: string) => Query>([
  [
    'fit',
    (text) => {
      if (text.startsWith('crop')) return { fit: 'cover' };
      return FITS.get(text) ?? { fit: oneOf('outside cover fill contain')(text) ?? 'inside' };
    },
  ],
  [
    'a',
    (text) => {
      if (!/^(?:crop-|focal)/.test(text)) {
        const a = oneOf(POSITIONS)(SHORT_POSITIONS[text] ?? text);
        return a && a !== 'center' ? { a } : {};
      }
      const [, ...point] = text.split('-');
      const share = (percentage = '') => {
        const value = Math.trunc(toNumber(percentage));
        return String(value >= 0 && value <= 100 ? value / 100 : 0.5);
      };
      return { a: 'focal', ...(point.length && { fpx: share(point[0]), fpy: share(point[1]) }) };
    },
  ],
  [
    'crop',
    (text) => {
      const sides = listOf(text);
      if (sides.length < 4) return {};
      const [cw = '', ch = '', cx = '', cy = ''] = sides;
      return readAll(['cw', 'ch', 'cx', 'cy'], { cw, ch, cx, cy });
    },
  ],
  [
    'sharp',
    (text): Query => {
      const [first = '', second, third] = listOf(text);
      const sigma = sharpness(second === undefined ? first : (third ?? '0'));
      const sharp: Query = sigma === undefined ? {} : { sharp: sigma };
      return second === undefined
        ? sharp
        : { ...sharp, ...readAll(['sharpf', 'sharpj'], { sharpf: first, sharpj: second }) };
    },
  ],
  [
    'mod',
    (text) => {
      const [first = '', sat = '', hue = ''] = listOf(text);
      const mod = amount(10)(first);
      return { ...(mod && { mod }), ...readAll(['sat', 'hue'], { sat, hue }) };
    },
  ],
  [
    'output',
    (text): Query => {
      const f = { jpeg: 'jpg', tif: 'tiff', av1: 'avif' }[text] ?? text;
      if (f === 'json') return { f, explain: '1' };
      // Without one, the format of the source, or a better one that the browser accepts.
      return oneOf('jpg png gif tiff webp avif origin')(f) ? { f } : {};
    },
  ],
  ['url', (text) => ({ u: text.trim() })],
  ['fsol', () => ({})],
]);

const readAll = (names: readonly string[], values: Query): Query =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = VALUES.get(name)?.(values[name] ?? '');
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Decodes what is percent-encoded UTF-8, and leaves all else: a raw `%`, and a `+`, which stands for itself. */
const decode = (text: string) =>
  text.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });

function pairsOf({ query, search }: OldUrl): [string, string][] {
  if (search === undefined) return query.map(({ name, value }) => [name, value ?? '']);
  return search
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
      return [name, decode(value)];
    });
}

/** Reads the parameters: of one that is repeated the first counts, and unknown ones are ignored. */
export function readParameters(url: OldUrl): Query {
  const result: Query = {};
  const read = new Set<string>();
  for (const [alias, text] of pairsOf(url)) {
    const name = Object.hasOwn(NAMES, alias) ? (NAMES[alias] ?? alias) : alias;
    if (read.has(name)) continue;
    read.add(name);
    const query = SPECIAL.get(name)?.(text) ?? readAll([name], { [name]: text });
    for (const [parameter, value] of Object.entries(query)) result[parameter] ??= value;
  }
  return result;
}

/** Whether the client asks for the original in the place of an error. */
export const wantsOriginal = (url: OldUrl): boolean =>
  pairsOf(url).find(([name]) => name === 'default' || name === 'errorredirect')?.[1] === '1';
