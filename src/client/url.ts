/**
 * Addresses of pictures, made where pages are made: in a browser, in Node, at the edge. Depends on nothing.
 */
import type { ImageOptions } from '../options.ts';

/** What may be asked of a picture. The source, the key and the signature have arguments of their own. */
export type UrlOptions = Partial<Omit<ImageOptions, 'u' | 'k' | 's'>>;

const strict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

type Pairs = readonly (readonly [string, string])[];

const toPairs = (options: Readonly<Record<string, unknown>>): [string, string][] =>
  Object.entries(options).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : [[name, value === true ? '1' : String(value)] as [string, string]],
  );

const order = ([a, x]: readonly [string, string], [b, y]: readonly [string, string]) =>
  a < b ? -1 : a > b ? 1 : x < y ? -1 : 1;

const join = (base: string, pairs: Pairs) =>
  `${base.replace(/[?#].*$/, '')}?${pairs.map(([name, value]) => `${strict(name)}=${strict(value)}`).join('&')}`;

/**
 * The address of a picture.
 *
 * @param base where the resizer is, such as `https://img.example.com/`
 * @param source the absolute address of the picture, as it is
 * @param options what is asked, and `k`, the key
 * @example generate('https://img.example.com/', 'https://example.com/cat.jpg', { k: 'KEY', w: 640 })
 */
export const generate = (base: string, source: string, options: UrlOptions & { k?: string } = {}): string =>
  join(base, [...toPairs(options), ['u', source] as const].sort(order));

/** The other way round: the parts of an address that `generate` made; values are texts. Null where there is no `u`. */
export function extract(address: string): { base: string; source: string; options: Record<string, string> } | null {
  const [base = '', query = ''] = address.split('?');
  const { u, url, ...options } = Object.fromEntries(new URLSearchParams(query));
  const source = u ?? url;
  return source === undefined ? null : { base, source, options };
}

/** Widths from a phone's thumbnail to a large screen, each about a third more pixels than the one before. */
const WIDTHS = [160, 320, 480, 640, 800, 960, 1280, 1600, 1920, 2560];

/**
 * `srcset` of one picture at several widths, smallest first, none larger than the source.
 *
 * @param how.widths pixels; a usual set unless given
 * @param how.sourceWidth pixels of the source, where it is known: wider ones are left out, and the source's own added
 */
export function srcset(
  base: string,
  source: string,
  {
    widths = WIDTHS,
    sourceWidth,
    ...options
  }: UrlOptions & { k?: string; widths?: readonly number[]; sourceWidth?: number },
): string {
  const most = sourceWidth ?? Number.POSITIVE_INFINITY;
  const fitting = widths.filter((width) => width <= most);
  if (fitting.length < widths.length) fitting.push(most);
  return [...new Set(fitting)]
    .sort((a, b) => a - b)
    .map((w) => `${generate(base, source, { ...options, w, we: true })} ${w}w`)
    .join(', ');
}

/** The `<source>` elements and the `<img>` of a `<picture>`: AVIF, WebP, and JPEG for all others. */
export function picture(
  base: string,
  source: string,
  {
    sizes = '100vw',
    fallback = 'jpg',
    ...options
  }: Parameters<typeof srcset>[2] & { sizes?: string; fallback?: 'jpg' | 'png' },
): { sources: { type: string; srcset: string; sizes: string }[]; img: { src: string; srcset: string; sizes: string } } {
  const set = (f: 'avif' | 'webp' | 'jpg' | 'png') => srcset(base, source, { ...options, f });
  const { widths, sourceWidth, ...plain } = options;
  const w = Math.min(...[sourceWidth ?? 800, 800]);
  return {
    sources: (['avif', 'webp'] as const).map((f) => ({ type: `image/${f}`, srcset: set(f), sizes })),
    img: { src: generate(base, source, { ...plain, w, we: true, f: fallback }), srcset: set(fallback), sizes },
  };
}

/**
 * What is signed: the version, the host, the path, and the decoded parameters without `s`, sorted, each encoded as in
 * RFC 3986. Host and path as the browser sends them.
 */
export const stringToSign = (host: string, path: string, parameters: Pairs): string =>
  ['v1', host, path, ...[...parameters].sort(order).map(([name, value]) => `${name}=${strict(value)}`)].join('\n');

const DAY = 86_400;

/** A time at least so many days ahead, in seconds since 1970, at the end of a day: one address a day, so that caches can hold it. */
export const expiresIn = (days: number, now = Date.now()): number => (Math.ceil(now / 1000 / DAY) + days) * DAY;

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (one) => ({ '+': '-', '/': '_' })[one] ?? '');
const fromBase64url = (text: string) =>
  Uint8Array.from(atob(text.replace(/[-_]/g, (one) => (one === '-' ? '+' : '/'))), (one) => one.charCodeAt(0));

/**
 * A signed address, by WebCrypto. The secret never leaves the server that signs.
 *
 * @param key.id the id of a key in mode `signed`
 * @param key.secret as the registry has it: base64url, with or without `pxg_`
 * @param options.exp when it expires, in seconds since 1970; 30 days ahead unless given, at the end of a day
 */
export async function sign(
  base: string,
  source: string,
  { id, secret }: { id: string; secret: string },
  options: UrlOptions = {},
): Promise<string> {
  const { host, pathname } = new URL(base);
  const pairs = toPairs({ exp: expiresIn(30), ...options, k: id, u: source });
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', fromBase64url(secret.replace(/^pxg_/, '')), algorithm, false, [
    'sign',
  ]);
  const signature = await crypto.subtle.sign(
    'HMAC',
    key,
    new TextEncoder().encode(stringToSign(host, pathname, pairs)),
  );
  return join(base, [...pairs.sort(order), ['s', base64url(new Uint8Array(signature))]]);
}
