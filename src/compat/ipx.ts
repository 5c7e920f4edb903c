/** URLs of IPX, as Nuxt Image has them: `/_ipx/s_300x200,f_webp/images/cat.jpg`. Pure. */
import {
  assertNoQuery,
  type Dialect,
  decodePart,
  NoCounterpart,
  OWN_SIZE,
  type Query,
  toColour,
  toFormat,
  toSource,
  unsupported,
} from './old-url.ts';
import { toPosition } from './positions.ts';

const PATH = /^\/_ipx\/([^/]+)\/(.+)$/s;

/** Modifiers by their short names. */
const SHORT: Readonly<Record<string, string>> = {
  w: 'width',
  h: 'height',
  s: 'resize',
  f: 'format',
  q: 'quality',
  b: 'background',
  pos: 'position',
  crop: 'extract',
  a: 'animated',
  greyscale: 'grayscale',
};

const isSized = ({ w, h }: Query) => w !== undefined || h !== undefined;

type Apply = (query: Query, args: readonly string[], modifier: string) => void;

/** A modifier with one argument, which is a parameter of pixgate. */
const value =
  (name: string): Apply =>
  (query, [text = '']) => {
    query[name] = text;
  };
const flag =
  (name: string, on: string): Apply =>
  (query) => {
    query[name] = on;
  };

/** One side. sharp keeps the last of two sizes. */
const setSide =
  (name: 'w' | 'h', other: 'w' | 'h'): Apply =>
  (query, [length = '']) => {
    delete query[other];
    query[name] = length;
  };

const MODIFIERS = new Map<string, Apply>([
  ['width', setSide('w', 'h')],
  ['height', setSide('h', 'w')],
  [
    'resize',
    (query, [text = ''], modifier) => {
      const [, w, h = w] = /^(\d+)(?:x(\d+))?$/.exec(text) ?? [];
      if (w === undefined || h === undefined) unsupported(modifier);
      Object.assign(query, { w, h });
    },
  ],
  ['enlarge', flag('we', '0')],
  ['fit', value('fit')],
  ['position', (query, args) => void Object.assign(query, { a: toPosition(args.join(' ')) })],
  ['quality', value('q')],
  ['format', (query, [f = '']) => void Object.assign(query, { f: f === 'auto' ? f : toFormat(f) })],
  ['background', (query, [colour = '']) => void Object.assign(query, { background: toColour(colour) })],
  ['flatten', flag('flatten', '1')],
  ['animated', flag('n', '-1')],
  [
    'extract',
    (query, [cx = '', cy = '', cw = '', ch = '']) =>
      void Object.assign(query, { cx, cy, cw, ch, ...(isSized(query) ? {} : { precrop: '1' }) }),
  ],
  [
    'trim',
    (query, [text = '10']) => void Object.assign(query, { trim: String(Math.max(1, Math.round(Number(text)))) }),
  ],
  ['rotate', value('ro')],
  ['flip', flag('flip', '1')],
  ['flop', flag('flop', '1')],
  [
    'sharpen',
    (query, [sharp = '', sharpf, sharpj, ...others], modifier) => {
      if (others.length) unsupported(modifier);
      Object.assign(query, { sharp }, sharpf && { sharpf }, sharpj && { sharpj });
    },
  ],
  ['blur', value('blur')],
  ['negate', flag('filt', 'negate')],
  ['grayscale', flag('filt', 'greyscale')],
  [
    'modulate',
    (query, [brightness = '', saturation, hue = '', lightness], modifier) => {
      if (lightness) unsupported(modifier);
      Object.assign(query, { mod: brightness || '1' }, saturation && { sat: saturation }, hue && { hue });
    },
  ],
  ['brightness', value('mod')],
  ['saturation', value('sat')],
  ['hue', value('hue')],
  ['tint', (query, [colour = '']) => void Object.assign(query, { tint: toColour(colour) })],
  ['kernel', () => {}],
  ['autoorient', () => {}],
]);

/** Reads modifiers, in their order: a crop before the resize is one of the source. */
function readModifiers(text: string): Query {
  const query: Query = {};
  for (const modifier of text.split(/[&,](?![^(]*\))/)) {
    const [name = '', ...args] = modifier.split(/[:=_]/);
    const apply = MODIFIERS.get(Object.hasOwn(SHORT, name) ? (SHORT[name] ?? name) : name);
    if (!apply) unsupported(modifier);
    apply(query, args, modifier);
  }
  return query;
}

/** Puts the modifiers together that have an effect only with others. */
function combine({ we, fit = 'cover', a, background, flatten, f, ...query }: Query): Query {
  const isBox = query.w !== undefined && query.h !== undefined;
  const box: Query = isBox ? { fit, ...(a && (fit === 'cover' || fit === 'contain') && { a }) } : {};
  const colours: Query = {
    ...(background && isBox && fit === 'contain' && { cbg: background }),
    ...(background && query.ro && Number(query.ro) % 90 !== 0 && { rbg: background }),
    ...(flatten && { bg: background ?? 'black' }),
  };
  // IPX takes the first frame, unless it is told otherwise.
  const frames: Query = query.n === undefined && f !== 'gif' ? { n: '1' } : {};
  const size = isSized(query) ? (we ? {} : { we: '1' }) : query.cw ? {} : OWN_SIZE;
  return { ...size, ...box, ...query, ...(f && { f }), ...frames, ...colours };
}

export const ipx: Dialect = {
  matches: ({ path }) => path.startsWith('/_ipx/'),
  toQuery: (url) => {
    assertNoQuery(url);
    const [, modifiers = '', source = ''] = PATH.exec(url.path) ?? [];
    if (!source) throw new NoCounterpart('the path needs modifiers and a source');
    const query = modifiers === '_' ? {} : readModifiers(decodePart(modifiers));
    // Some proxies merge slashes.
    return { ...combine(query), u: toSource(decodePart(source).replace(/^(https?:)\/+/i, '$1//')) };
  },
};
