/**
 * URLs of thumbor and imagor, `/unsafe/fit-in/300x200/filters:quality(75)/example.com/cat.jpg`, and of Dynamic Image Transformation
 * in the form of thumbor, which has no first segment. Pure.
 */
import { assertNoQuery, type Dialect, NoCounterpart, OWN_SIZE, type Query, toPercent, unsupported } from './old-url.ts';
import { type Filtered, type Flavour, readFilters } from './thumbor-filters.ts';
import { readPath, type ThumborPath } from './thumbor-path.ts';

/** The colour of the top-left pixel, and a tolerance of a distance of colours. */
function toTrim(trim: string | undefined): Query {
  if (trim === undefined) return {};
  const [, ...args] = trim.split(':');
  if (args.includes('bottom-right')) unsupported(trim);
  const tolerance = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 1);
  return { trim: String(Math.min(254, Math.max(1, tolerance))) };
}

/** Two corners of the source: in pixels, or for imagor as shares. */
function toCrop(crop: ThumborPath['crop']): Query {
  if (!crop) return {};
  const [left = 0, top = 0, right = 0, bottom = 0] = crop.map(Number);
  if (right <= left || bottom <= top) return {};
  const toLength = crop.some((text) => text.includes('.')) || (right <= 1 && bottom <= 1) ? toPercent : String;
  const [cx, cy, cw, ch] = [left, top, right - left, bottom - top].map(toLength);
  return { cx: cx ?? '', cy: cy ?? '', cw: cw ?? '', ch: ch ?? '', precrop: '1' };
}

/** A side: `orig` is that of the source; none or 0 follows from the other. */
const toSide = (name: 'w' | 'h', length: string | undefined): Query =>
  length === 'orig' ? { [name]: '100%' } : Number(length) ? { [name]: length ?? '' } : {};

function toAlignment({ horizontal, vertical, smart }: ThumborPath): Query {
  if (smart) return { a: 'attention' };
  const sides = [vertical, horizontal].filter((side) => side && side !== 'middle' && side !== 'center');
  return sides.length ? { a: sides.join('-') } : {};
}

/** Returns how the image is fitted into both sides. */
function toFit(path: ThumborPath, { fill, stretch, upscale, query }: Filtered, flavour: Flavour): Query {
  const { fitIn } = path;
  if (fitIn?.startsWith('adaptive')) unsupported(fitIn);
  if (fill !== undefined && (fitIn || flavour === 'dit')) return { fit: 'contain', ...(fill && { cbg: fill }) };
  if (fitIn) return fitIn === 'full-fit-in' ? { fit: 'outside' } : {};
  if (flavour === 'dit' && upscale) return {};
  if (stretch || path.stretch) return { fit: 'fill' };
  return { fit: 'cover', ...(query.fpx === undefined && toAlignment(path)) };
}

/** `fit-in` of thumbor and imagor never upscales by itself; all else does. */
const isUpscaled = ({ fitIn }: ThumborPath, { upscale }: Filtered, flavour: Flavour) =>
  upscale ?? (fitIn === undefined || flavour === 'dit');

/** Turns a box by what is rotated after the resize: pixgate rotates before it. */
function rotate(box: Query, rotation: number): Query {
  if (!rotation) return box;
  const { w, h, ...others } = box;
  if (rotation % 180 === 0 || rotation % 90 !== 0) return { ...box, ro: String(rotation) };
  if (others.a || others.cx) throw new NoCounterpart('a crop and a rotation behind it have no counterpart');
  return { ...(h && { w: h }), ...(w && { h: w }), ...others, ro: String(rotation) };
}

function toQuery(path: string, flavour: Flavour): Omit<Query, 'u'> & { source: string } {
  const parsed = readPath(path);
  const filtered = readFilters(parsed.filters, flavour);
  if (parsed.padding) unsupported(parsed.padding);
  const sides: Query = { ...toSide('w', parsed.width), ...toSide('h', parsed.height) };
  const isBox = sides.w !== undefined && sides.h !== undefined;
  const { fpx, fpy, ...query } = filtered.query;
  const fit = isBox ? toFit(parsed, filtered, flavour) : {};
  const box: Query = {
    ...(sides.w || sides.h ? sides : parsed.crop || query.cw ? {} : OWN_SIZE),
    ...fit,
    ...(fit.fit === 'cover' && fpx && fpy && { fpx, fpy }),
    ...((sides.w || sides.h) && !isUpscaled(parsed, filtered, flavour) && { we: '1' }),
  };
  const flips: Query = { ...(parsed.flop && { flop: '1' }), ...(parsed.flip && { flip: '1' }) };
  const { precrop, ...rectangle } = toCrop(parsed.crop);
  // Dynamic Image Transformation crops what it has resized.
  const crop: Query = precrop && !(flavour === 'dit' && (sides.w || sides.h)) ? { ...rectangle, precrop } : rectangle;
  return {
    ...toTrim(parsed.trim),
    ...crop,
    ...rotate({ ...box, ...(filtered.rotation && crop.cx ? { cx: crop.cx } : {}) }, filtered.rotation),
    ...flips,
    ...query,
    source: parsed.source,
  };
}

/** A source of thumbor's loaders: a URL, one without its scheme, or a file below the base named `default`. */
const toUrl = (source: string): string =>
  /^(?:[a-z][a-z0-9+.-]*:|[^/]+\.[a-z]{2,}(?::\d+)?\/)/i.test(source)
    ? source.replace(/^(https?:)\/+/i, '$1//')
    : `/${source.replace(/^\/+/, '')}`;

/** The hash is not checked: a request needs an API key. */
const PREFIX = /^\/(?:params\/)?(?:unsafe|[\w=-]{17,})\/(?=.)/;

function dialect(flavour: 'thumbor' | 'imagor'): Dialect {
  return {
    matches: ({ path }) => PREFIX.test(path) && !/^\/[^/]*-fit-in\//.test(path),
    toQuery: (url) => {
      assertNoQuery(url);
      const { source, ...query } = toQuery(url.path.replace(PREFIX, ''), flavour);
      const text = /^b64:([\w=-]+)$/.exec(source)?.[1];
      return { ...query, u: toUrl(text && flavour === 'imagor' ? Buffer.from(text, 'base64url').toString() : source) };
    },
  };
}

export const thumbor = dialect('thumbor');
export const imagor = dialect('imagor');

/** Returns the query of the path of Dynamic Image Transformation: its source is a key, below the base named `default`, or in a bucket. */
export function readDitPath(path: string): Query {
  const [bucketPath = '', bucket] = [
    path.slice(1).replace(/(^|\/)s3:([^/]+)\//, '$1'),
    /(?:^|\/)s3:([^/]+)\//.exec(path)?.[1],
  ];
  const { source, ...query } = toQuery(bucketPath, 'dit');
  return { ...query, u: bucket ? `s3://${bucket}/${source}` : `/${source.replace(/^\/+/, '')}` };
}
