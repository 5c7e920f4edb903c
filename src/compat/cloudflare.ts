/** URLs of Cloudflare's image transformations: `/cdn-cgi/image/width=80,quality=75/uploads/cat.jpg`. Pure. */
import {
  type Dialect,
  decodePart,
  NoCounterpart,
  type OldUrl,
  OWN_SIZE,
  type Query,
  toColour,
  toFormat,
  unsupported,
} from './old-url.ts';

const PATH = /^\/cdn-cgi\/image\/([^/]+)\/(.+)$/s;

/** Options by their short names. */
const SHORT: Readonly<Record<string, string>> = { w: 'width', h: 'height', f: 'format', q: 'quality', g: 'gravity' };

const FITS: Readonly<Record<string, Query>> = {
  'scale-down': { we: '1' },
  contain: {},
  cover: { fit: 'cover' },
  crop: { fit: 'cover', we: '1' },
  pad: { fit: 'contain' },
  squeeze: { fit: 'fill' },
};

/** Cloudflare does not say what numbers its words stand for. */
const QUALITIES: Readonly<Record<string, string>> = { high: '85', 'medium-high': '75', 'medium-low': '60', low: '45' };

const ALIGNMENTS: Readonly<Record<string, string>> = {
  auto: 'attention',
  center: 'center',
  top: 'top',
  right: 'right',
  bottom: 'bottom',
  left: 'left',
};

function gravity(value: string): Query {
  const [, x, y] = /^(0(?:\.\d+)?|1(?:\.0+)?)x(0(?:\.\d+)?|1(?:\.0+)?)$/.exec(value) ?? [];
  if (x !== undefined && y !== undefined) return { fpx: x, fpy: y };
  return { a: ALIGNMENTS[value] ?? unsupported(`gravity=${value}`) };
}

/** `trim=T;R;B;L`: of the right and the bottom nothing can be cut without the size of the source. */
function trim(value: string): Query {
  if (value === 'border') return { trim: '10' };
  const [top = '', right = '', bottom = '', left = ''] = value.split(';');
  if (right !== '0' || bottom !== '0') unsupported(`trim=${value}`);
  return { cx: left, cy: top, precrop: '1' };
}

/** Exposure: its inverse is the exponent that `gam` raises channels to. */
function gamma(value: string): Query {
  const exponent = 1 / Number(value);
  if (value === '1') return {};
  return exponent >= 1 && exponent <= 3 ? { gam: String(Number(exponent.toFixed(4))) } : unsupported(`gamma=${value}`);
}

/** The query of each option. Those that return an empty one do not change the image. */
const OPTIONS: Readonly<Record<string, (value: string) => Query>> = {
  width: (w) => (w === 'auto' ? unsupported('width=auto') : { w }),
  height: (h) => ({ h }),
  dpr: (dpr) => ({ dpr }),
  fit: (fit) => (Object.hasOwn(FITS, fit) ? (FITS[fit] ?? {}) : unsupported(`fit=${fit}`)),
  gravity,
  quality: (q) => ({ q: QUALITIES[q] ?? q }),
  format: (f) => {
    if (f === 'auto' || f === 'json') return { f };
    return { f: toFormat(f.replace(/^baseline-/, '')) };
  },
  anim: (anim) => (anim === 'false' ? { n: '1' } : {}),
  background: (colour) => ({ bg: toColour(colour) }),
  blur: (blur) => ({ blur }),
  brightness: (mod) => (Number(mod) === 1 ? {} : { mod }),
  contrast: (contrast) => (Number(contrast) === 1 ? {} : unsupported(`contrast=${contrast}`)),
  gamma,
  saturation: (sat) => ({ sat }),
  sharpen: (sharp) => (Number(sharp) === 0 ? {} : { sharp }),
  rotate: (ro) => ({ ro }),
  flip: (axes) => ({ ...(axes.includes('h') && { flop: '1' }), ...(axes.includes('v') && { flip: '1' }) }),
  metadata: (meta) => ({ meta }),
  trim,
  'trim.left': (cx) => ({ cx, precrop: '1' }),
  'trim.top': (cy) => ({ cy, precrop: '1' }),
  'trim.width': (cw) => ({ cw, precrop: '1' }),
  'trim.height': (ch) => ({ ch, precrop: '1' }),
  compression: () => ({}),
  onerror: () => ({}),
  'slow-connection-quality': () => ({}),
  scq: () => ({}),
};

/** Reads the options. One that is repeated counts as it is given last. */
function readOptions(text: string): Query {
  const values = new Map([['fit', 'scale-down']]);
  // Not at the commas of rgb(…).
  for (const option of text.split(/,(?![^(]*\))/).filter(Boolean)) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(option) ?? [];
    values.set(Object.hasOwn(SHORT, name) ? (SHORT[name] ?? name) : name, value);
  }
  return Object.assign(
    {},
    ...[...values].map(([name, value]) => (Object.hasOwn(OPTIONS, name) ? OPTIONS[name]?.(value) : unsupported(name))),
  );
}

/** The query of the request is that of the source. */
const sourceQuery = ({ query }: OldUrl) =>
  query.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value ?? '')}`).join('&');

/** The box of `fit` is filled or padded only if both sides are given, and the alignment has an effect only then. */
function withBox({ fit, a, fpx, fpy, ...query }: Query): Query {
  const focus: Query = { ...(a && { a }), ...(fpx && { fpx }), ...(fpy && { fpy }) };
  const isBox = query.w !== undefined && query.h !== undefined;
  if (fit === 'cover' && isBox) return { ...query, fit, ...focus };
  // White, unless there is another background.
  if (fit === 'contain' && isBox) return { ...query, fit, ...(query.bg ? {} : { cbg: 'fff' }) };
  return fit === 'fill' ? { ...query, fit } : query;
}

export const cloudflare: Dialect = {
  matches: ({ path }) => path.startsWith('/cdn-cgi/image/'),
  toQuery: (url) => {
    const [, options = '', source = ''] = PATH.exec(url.path) ?? [];
    if (!source) throw new NoCounterpart('the path needs options and a source');
    const query = withBox(readOptions(decodePart(options)));
    const search = sourceQuery(url);
    const isAbsolute = /^https?:\/|^https?%3a/i.test(source);
    // Some proxies merge slashes.
    const u = isAbsolute ? source.replace(/^(https?:)\/+/i, '$1//') : `/${source}`;
    const size = (query.w ?? query.h ?? query.cw ?? query.ch) ? {} : OWN_SIZE;
    return { ...size, ...query, u: search ? `${u}?${search}` : u };
  },
};
