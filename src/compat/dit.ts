/** URLs of AWS Dynamic Image Transformation (Serverless Image Handler): base64 of JSON, or the form of thumbor; and its query. Pure. */
import {
  type Dialect,
  decodeBase64,
  NoCounterpart,
  type OldUrl,
  OWN_SIZE,
  type Query,
  toFormat,
  unsupported,
} from './old-url.ts';
import { toPosition } from './positions.ts';
import { readDitPath } from './thumbor.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

/** A colour as sharp takes it: text, or an object of channels. */
function toColour(value: unknown): string {
  if (typeof value === 'string') return value.replace(/^#/, '');
  const { r = 0, g = 0, b = 0, alpha = 1 } = objectOf(value);
  const channels = [Number(alpha) * 255, Number(r), Number(g), Number(b)];
  if (channels.some((channel) => !(channel >= 0 && channel <= 255))) unsupported('the colour');
  return channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('');
}

/** `true` is the default of pixgate for a parameter without a value. */
const amount = (value: unknown) => (value === true ? '' : String(value));

function toResize(value: unknown): Query {
  const { width, height, fit = 'cover', position, background, withoutEnlargement, ...others } = objectOf(value);
  const [other] = Object.keys(others);
  if (other) unsupported(`resize.${other}`);
  const sides: Query = { ...(width ? { w: String(width) } : {}), ...(height ? { h: String(height) } : {}) };
  const isBox = sides.w !== undefined && sides.h !== undefined;
  return {
    ...sides,
    ...(isBox && fit !== 'inside' && { fit: String(fit) }),
    ...(isBox &&
      position !== undefined &&
      /^(?:cover|contain)$/.test(String(fit)) && { a: toPosition(String(position)) }),
    // sharp's is black.
    ...(isBox && fit === 'contain' && { cbg: background === undefined ? 'black' : toColour(background) }),
    ...(withoutEnlargement === true && { we: '1' }),
  };
}

function toRectangle(value: unknown): Query {
  const { left = 0, top = 0, width, height } = objectOf(value);
  return { cx: String(left), cy: String(top), cw: String(width), ch: String(height) };
}

/** Options of one format: those that pixgate has. */
function toOutput(value: unknown): Query {
  const { quality, progressive, lossless } = objectOf(value);
  return {
    ...(quality === undefined ? {} : { q: String(quality) }),
    ...(progressive === true && { il: '1' }),
    ...(lossless === true && { ll: '1' }),
  };
}

const EDITS = new Map<string, (value: unknown, edits: Json) => Query>([
  ['resize', toResize],
  // sharp takes the rectangle of the source, if there is no size, and else that of the output.
  ['extract', (value, { resize }) => ({ ...toRectangle(value), ...(resize ? {} : { precrop: '1' }) })],
  ['crop', (value, { resize }) => ({ ...toRectangle(value), ...(resize ? {} : { precrop: '1' }) })],
  ['grayscale', (on) => (on ? { filt: 'greyscale' } : {})],
  ['greyscale', (on) => (on ? { filt: 'greyscale' } : {})],
  ['negate', (on) => (on ? { filt: 'negate' } : {})],
  ['blur', (value) => (value ? { blur: amount(value) } : {})],
  ['sharpen', (value) => (value ? { sharp: isObject(value) ? String(value.sigma ?? '') : amount(value) } : {})],
  ['gamma', (value) => ({ gam: amount(value) })],
  ['tint', (value) => ({ tint: toColour(value) })],
  ['rotate', (value) => (value === null ? {} : { ro: String(value) })],
  ['flip', (on) => (on ? { flip: '1' } : {})],
  ['flop', (on) => (on ? { flop: '1' } : {})],
  ['flatten', (value) => ({ bg: toColour(objectOf(value).background ?? 'black') })],
  ['trim', (value) => ({ trim: isObject(value) ? String(value.threshold ?? '') : amount(value) })],
  ['animated', (on) => (on === false ? { n: '1' } : {})],
  ['roundCrop', (value) => (value === true ? { mask: 'ellipse' } : value ? unsupported('roundCrop with options') : {})],
  ['toFormat', (value) => ({ f: toFormat(String(value)) })],
  ['jpeg', toOutput],
  ['png', () => ({})],
  ['webp', toOutput],
  ['avif', toOutput],
  ['tiff', () => ({})],
  ['gif', () => ({})],
]);

function toEdits(edits: Json): Query {
  const queries = Object.entries(edits).map(([name, value]) => (EDITS.get(name) ?? unsupported(name))(value, edits));
  const query: Query = Object.assign({}, ...queries);
  return (query.w ?? query.h ?? query.cw) ? query : { ...OWN_SIZE, ...query };
}

/** The edits in the query, which replace those of the same name in the path. `signature` is not checked. */
function queryEdits({ query }: OldUrl): Json {
  const edits: Record<string, unknown> = {};
  const resize: Record<string, unknown> = {};
  const flag = (text: string) => !['0', 'false', ''].includes(text.toLowerCase());
  for (const { name, value } of query) {
    const text = value ?? '';
    if (['width', 'height'].includes(name)) resize[name] = Number(text);
    else if (name === 'fit') resize.fit = text;
    else if (name === 'format') edits.toFormat = text;
    else if (name === 'rotate') edits.rotate = text === '' ? null : Number(text);
    else if (['flip', 'flop', 'grayscale', 'greyscale'].includes(name)) edits[name] = flag(text);
    else if (name !== 'signature') unsupported(name);
  }
  return Object.keys(resize).length ? { ...edits, resize } : edits;
}

function readJson(path: string): Json | undefined {
  const text = /^\/[\w+/-]+=*$/.test(path) ? decodeBase64(path.slice(1)) : undefined;
  if (!text?.startsWith('{')) return undefined;
  try {
    const request: unknown = JSON.parse(text);
    return isObject(request) && typeof request.key === 'string' ? request : undefined;
  } catch {
    return undefined;
  }
}

export const dit: Dialect = {
  matches: ({ path }) => path.length > 1,
  toQuery: (url) => {
    const edits = queryEdits(url);
    const request = readJson(url.path);
    if (!request) {
      const inQuery = Object.keys(edits).length ? toEdits(edits) : {};
      const inPath = readDitPath(url.path);
      // What the path says of the size is replaced as a whole.
      const { w: _, h: __, fit: ___, ...others } = inPath;
      return edits.resize ? { ...others, ...inQuery } : { ...inPath, ...withoutSize(inQuery) };
    }
    const { bucket, key, edits: own, outputFormat, headers, effort, ...rest } = request;
    const [unknown] = Object.keys(rest);
    if (unknown) unsupported(unknown);
    if (headers !== undefined) throw new NoCounterpart('headers of the response have no counterpart');
    const query = toEdits({ ...objectOf(own), ...edits });
    const format = outputFormat === undefined || query.f ? {} : { f: toFormat(String(outputFormat)) };
    const source = String(key).replace(/^\/+/, '');
    return { ...query, ...format, u: bucket === undefined ? `/${source}` : `s3://${String(bucket)}/${source}` };
  },
};

function withoutSize({ w: _, h: __, ...query }: Query): Query {
  return query;
}
