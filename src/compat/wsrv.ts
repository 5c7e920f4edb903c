/** URLs of wsrv.nl, `/?url=example.com/cat.jpg&w=300`, old names and lenient values included. Pure. */
import { type Dialect, NoCounterpart, type OldUrl, OWN_SIZE, type Query, unsupported } from './old-url.ts';
import { colour, fileName, flag, integer, length, maxAge, number, oneOf, type Read } from './wsrv-values.ts';

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

/** How each parameter is read that has the same name in pixgate. */
const VALUES = new Map<string, Read>([
  ['w', length(1)],
  ['h', length(1)],
  ['dpr', number(1, 8)],
  ['we', flag],
  ['cx', length(0)],
  ['cy', length(0)],
  ['cw', length(1)],
  ['ch', length(1)],
  ['precrop', flag],
  ['fpx', number(0, 1)],
  ['fpy', number(0, 1)],
  ['mask', oneOf('circle ellipse triangle triangle-180 pentagon pentagon-180 hexagon square star heart')],
  ['mtrim', flag],
  ['mbg', colour],
  ['ro', integer(-3600, 3600)],
  ['rbg', colour],
  ['flip', flag],
  ['flop', flag],
  ['sat', number(0, 10)],
  ['hue', integer(-3600, 3600)],
  ['con', integer(-100, 100)],
  ['gam', number(1, 3, '')],
  ['sharpf', number(0, 10_000)],
  ['sharpj', number(0, 10_000)],
  ['trim', integer(1, 254, '')],
  ['tbg', colour],
  ['blur', number(0.3, 1000, '')],
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
  ['encoding', oneOf('base64')],
  ['filename', fileName],
  ['maxage', maxAge],
  ['v', (text) => text.slice(0, 64) || undefined],
]);

const listOf = (text: string) => text.split(',').map((item) => item.trim());

/** Each parameter that is read differently, as parameters of pixgate. */
const SPECIAL = new Map<string, (text: string) => Query>([
  ['fit', (text) => FITS.get(text) ?? { fit: oneOf('outside cover fill contain')(text) ?? 'inside' }],
  [
    'a',
    (text) => {
      const [, x, y] = /^(?:crop|focal)-(\d{1,3})(?:-(\d{1,3}))?/.exec(text) ?? [];
      const share = (percentage: string | undefined) => (Number(percentage) <= 100 ? Number(percentage) / 100 : 0.5);
      if (x !== undefined) return { fpx: String(share(x)), fpy: String(share(y)) };
      const a = oneOf(POSITIONS)(SHORT_POSITIONS[text] ?? text);
      return text === 'focal' ? { a: 'focal' } : a && a !== 'center' ? { a } : {};
    },
  ],
  [
    'crop',
    (text) => {
      const [w, h, x, y, ...others] = listOf(text).map((item) => Math.trunc(Number(item)));
      if (others.length || [w, h, x, y].some((side) => !(side !== undefined && side >= 0)) || !w || !h) return {};
      return { cw: String(w), ch: String(h), cx: String(x), cy: String(y) };
    },
  ],
  [
    'sharp',
    (text) => {
      const [first = '', second, third] = listOf(text);
      if (second === undefined) return readAll({ sharp: number(1e-6, 10, '') }, { sharp: first });
      const sizes = { sharpf: number(0, 10_000), sharpj: number(0, 10_000), sharp: number(1e-6, 10) };
      return { sharp: '', ...readAll(sizes, { sharpf: first, sharpj: second, sharp: third ?? '' }) };
    },
  ],
  [
    'mod',
    (text) => {
      const [mod = '', sat = '', hue = ''] = listOf(text);
      return readAll({ mod: number(0, 10), sat: number(0, 10), hue: integer(-3600, 3600) }, { mod, sat, hue });
    },
  ],
  ['bri', (text) => (Number(text) === 0 || !integer(-100, 100)(text) ? {} : unsupported(`bri=${text}`))],
  [
    'delay',
    (text) => {
      const [first = '', ...others] = [...new Set(listOf(text))];
      if (others.length) throw new NoCounterpart('delay with several values has no counterpart');
      return readAll({ delay: integer(20, 65_535) }, { delay: first });
    },
  ],
  [
    'output',
    (text) => {
      const f = { jpeg: 'jpg', tif: 'tiff' }[text] ?? text;
      // The format of the source, or a better one that the browser accepts.
      return oneOf('jpg png gif tiff webp avif json')(f) ? { f } : {};
    },
  ],
  // The original: what failed once fails again.
  ['default', (text) => (text === '' || text === '1' ? {} : { default: text })],
  ['url', (text) => ({ u: text.trim() })],
  ['fsol', () => ({})],
]);

function readAll(reads: Readonly<Record<string, Read>>, values: Query): Query {
  return Object.fromEntries(
    Object.entries(reads).flatMap(([name, read]) => {
      const value = values[name] === undefined ? undefined : read(values[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

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
function readParameters(url: OldUrl): Query {
  const result: Query = {};
  for (const [alias, text] of pairsOf(url)) {
    const name = Object.hasOwn(NAMES, alias) ? (NAMES[alias] ?? alias) : alias;
    const read = VALUES.get(name);
    const query = SPECIAL.get(name)?.(text) ?? (read ? readAll({ [name]: read }, { [name]: text }) : {});
    for (const [parameter, value] of Object.entries(query)) result[parameter] ??= value;
  }
  return result;
}

/** Parameters that pixgate takes only together with others; wsrv.nl ignores them without. */
const NEEDS: readonly (readonly [names: string, isMet: (query: Query) => unknown])[] = [
  ['fpx fpy', ({ fit }) => fit === 'cover'],
  ['cbg', ({ fit }) => fit === 'contain'],
  ['precrop', ({ cx, cy, cw, ch }) => cx ?? cy ?? cw ?? ch],
  ['tbg', ({ trim }) => trim !== undefined],
  ['rbg', ({ ro }) => ro && ro !== '0'],
  ['mtrim mbg', ({ mask }) => mask],
  ['sharpf sharpj', ({ sharp }) => sharp !== undefined],
  ['start stop', ({ filt }) => filt === 'duotone'],
  ['ll', ({ f = 'webp' }) => f === 'webp' || f === 'avif'],
];

const withNeeds = (query: Query): Query =>
  Object.fromEntries(
    Object.entries(query).filter(([name]) =>
      NEEDS.every(([names, isMet]) => !names.split(' ').includes(name) || Boolean(isMet(query))),
    ),
  );

/** The places of an image that is rotated clockwise by 90°, of those before. */
const ROTATED: Readonly<Record<string, string>> = {
  top: 'right',
  right: 'bottom',
  bottom: 'left',
  left: 'top',
  'top-left': 'top-right',
  'top-right': 'bottom-right',
  'bottom-right': 'bottom-left',
  'bottom-left': 'top-left',
};

/** wsrv.nl rotates by 90° and 270° after the resize, pixgate before it: the sides and the places are exchanged. */
function withRotation(query: Query): Query {
  const turns = ((Number(query.ro ?? 0) % 360) + 360) % 360;
  if (turns !== 90 && turns !== 270) return query;
  const { w, h, a, fpx, fpy, ...others } = query;
  if (others.cx ?? others.cy ?? others.cw ?? others.ch)
    throw new NoCounterpart('a crop with ro=90 or 270 has no counterpart');
  const quarter = (place: string) => ROTATED[place] ?? place;
  const place = a && (turns === 90 ? quarter(a) : quarter(quarter(quarter(a))));
  const [x, y] = [Number(fpx ?? 0.5), Number(fpy ?? 0.5)];
  const [fx, fy] = turns === 90 ? [1 - y, x] : [y, 1 - x];
  const focus: Query = (fpx ?? fpy) ? { fpx: String(Number(fx.toFixed(6))), fpy: String(Number(fy.toFixed(6))) } : {};
  return { ...(h && { w: h }), ...(w && { h: w }), ...(place && { a: place }), ...focus, ...others };
}

export const wsrv: Dialect = {
  matches: ({ path, query }) => path === '/' && query.some(({ name }) => name === 'url'),
  toQuery: (url) => {
    const query = withRotation(withNeeds(readParameters(url)));
    const hasSize = query.w ?? query.h ?? query.cw ?? query.ch;
    // wsrv.nl shows the first frame of an animation.
    const n = query.n === '0' || query.n === undefined ? '1' : query.n;
    return { ...(hasSize === undefined && query.f !== 'json' && OWN_SIZE), ...query, n };
  },
};
