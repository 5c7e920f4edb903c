/** Builds and signs image URLs where pages are rendered: in a browser, in Node, at the edge. No dependencies. */
import type { ImageOptions } from '../options.ts';
import { PARAMETER_NAMES } from './parameters.ts';

/** Parameters of an image, without source, key and signature, which are separate arguments. */
export type UrlOptions = Partial<Omit<ImageOptions, 'u' | 'k' | 's'>>;

/** Replaces lone surrogates, which have no UTF-8, as WHATWG URL does: `encodeURIComponent` throws for them. */
const toWellFormed = (text: string) => text.replace(/[\ud800-\udfff]/gu, '\ufffd');

/** Percent-encodes all but the unreserved characters of RFC 3986. */
const encode = (text: string) =>
  encodeURIComponent(toWellFormed(text)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * Percent-encodes what a URL never holds in its path as it is (WHATWG URL, path percent-encode set), and leaves everything
 * else: the path of a URL stays as it is, and a path that was decoded gets the spelling of the URL again.
 */
const encodePath = (path: string) =>
  toWellFormed(path).replace(/[^!-~]|["#<>?\\^`{}]|%(?![0-9A-Fa-f]{2})/gu, (char) => encodeURIComponent(char));

/** Names and values, decoded. */
type Pairs = readonly (readonly [string, string])[];

/** For types only: the package has no types of Node, and a browser no `process`. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * Returns an option that does not exist: its response would be a 400. Bundlers replace the expression in a production build, and
 * drop this check with its list of names.
 */
function findUnknown(options: object): string | undefined {
  try {
    if (process.env.NODE_ENV !== 'production')
      return Object.keys(options).find((name) => !PARAMETER_NAMES.includes(name));
  } catch {
    // A page without a bundler.
  }
  return undefined;
}

/** Returns the text of a value; a width or height that was computed is rounded to whole pixels. */
const toText = (name: string, value: unknown) =>
  typeof value === 'number' && (name === 'w' || name === 'h') ? Math.max(1, Math.round(value)) : value;

/**
 * Returns options as parameters: `true` as `1`; `false` and undefined are left out.
 *
 * @throws TypeError for an unknown option, but in a production build
 */
function toPairs(options: Readonly<Record<string, unknown>>): [string, string][] {
  const unknown = findUnknown(options);
  if (unknown !== undefined) throw new TypeError(`${unknown} is not a parameter of pixgate`);
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined || value === false
      ? []
      : [[name, value === true ? '1' : String(toText(name, value))] as [string, string]],
  );
}

/** Whether a source is an image itself, `data:…`, which nothing can fetch: it is used as it is. */
export const isInline = (source: string): boolean => /^data:/i.test(source);

/** Compares by name, then by value, in code units. */
const comparePairs = ([a, x]: readonly [string, string], [b, y]: readonly [string, string]) =>
  a < b ? -1 : a > b ? 1 : x < y ? -1 : 1;

const join = (base: string, pairs: Pairs) =>
  `${base.replace(/[?#].*$/, '')}?${pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`;

/**
 * Returns the URL of a resized image. Parameters are sorted, so that equal requests have equal URLs. A `data:` URL is returned as it is.
 *
 * @param base URL of the resizer, such as `https://img.example.com/`
 * @param source absolute URL of the image, not encoded
 * @param options parameters of the image, and `k`, the API key; `w` and `h` are rounded to whole pixels
 * @throws TypeError for an unknown option, but in a production build (`NODE_ENV`)
 * @example generate('https://img.example.com/', 'https://example.com/cat.jpg', { k: 'KEY', w: 640 })
 */
export const generate = (base: string, source: string, options: UrlOptions & { k?: string } = {}): string =>
  isInline(source) ? source : join(base, [...toPairs(options), ['u', source] as const].sort(comparePairs));

/** Splits a URL from `generate` into its parts; values are strings. Null when it has no `u`. */
export function extract(imageUrl: string): { base: string; source: string; options: Record<string, string> } | null {
  const [base = '', query = ''] = imageUrl.split('?');
  const { u, url, ...options } = Object.fromEntries(new URLSearchParams(query));
  const source = u ?? url;
  return source === undefined ? null : { base, source, options };
}

/** Default widths in pixels, from a thumbnail on a phone to a large screen. */
const WIDTHS = [160, 320, 480, 640, 800, 960, 1280, 1600, 1920, 2560];

/**
 * Returns the `srcset` of one image at several widths, smallest first; an empty one for a `data:` URL. Does not upscale.
 *
 * @param options parameters of the image, and `k`, the API key
 * @param options.widths pixels; 160 to 2560 by default
 * @param options.sourceWidth width of the source in pixels, where it is known: larger widths are replaced by it
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
  if (isInline(source)) return '';
  const maxWidth = sourceWidth ?? Number.POSITIVE_INFINITY;
  const allowed = widths.map(Math.round).filter((width) => width <= maxWidth);
  if (allowed.length < widths.length) allowed.push(Math.floor(maxWidth));
  return [...new Set(allowed)]
    .sort((a, b) => a - b)
    .map((w) => `${generate(base, source, { ...options, w, we: true })} ${w}w`)
    .join(', ');
}

/** Options of `srcset`, with `sizes` of the layout and the format of the `<img>`. */
export type PictureOptions = Parameters<typeof srcset>[2] & { sizes?: string; fallback?: 'jpg' | 'png' };

/**
 * Returns the attributes of a `<picture>`: `<source>` elements for AVIF and WebP, and an `<img>` for all other browsers. For a
 * `data:` URL there are no sources.
 *
 * @param options as in `srcset`
 * @param options.sizes of the layout; `100vw` by default
 * @param options.fallback format of the `<img>`; `jpg` by default
 */
export function picture(
  base: string,
  source: string,
  { sizes = '100vw', fallback = 'jpg', ...options }: PictureOptions,
): { sources: { type: string; srcset: string; sizes: string }[]; img: { src: string; srcset: string; sizes: string } } {
  const srcsetOf = (f: 'avif' | 'webp' | 'jpg' | 'png') => srcset(base, source, { ...options, f });
  const { widths, sourceWidth, ...parameters } = options;
  const w = Math.min(...[sourceWidth ?? 800, 800]);
  return {
    sources: (isInline(source) ? [] : (['avif', 'webp'] as const)).map((f) => ({
      type: `image/${f}`,
      srcset: srcsetOf(f),
      sizes,
    })),
    img: {
      src: generate(base, source, { ...parameters, w, we: true, f: fallback }),
      srcset: srcsetOf(fallback),
      sizes,
    },
  };
}

/**
 * Returns the string to sign: the version, the host, the path, and the parameters, sorted and encoded as in RFC 3986, a line
 * each. Path, names and values are percent-encoded, so none of them can hold a line feed, and no name a `=`: one string has
 * one meaning.
 *
 * @param host as the browser sends it
 * @param path as the browser sends it, or decoded
 * @param parameters decoded, without `s`
 */
export function stringToSign(host: string, path: string, parameters: Pairs): string {
  const lines = [...parameters].sort(comparePairs).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return ['v1', host, encodePath(path), ...lines].join('\n');
}

const DAY = 86_400;

/**
 * Returns an expiry time at least `days` ahead, in seconds since 1970, rounded up to the end of a day (UTC): the URL changes
 * once a day only, so that caches can store the image.
 */
export const expiresIn = (days: number, now = Date.now()): number => (Math.ceil(now / 1000 / DAY) + days) * DAY;

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (char) => ({ '+': '-', '/': '_' })[char] ?? '');
const fromBase64url = (text: string) =>
  Uint8Array.from(atob(text.replace(/[-_]/g, (char) => (char === '-' ? '+' : '/'))), (char) => char.charCodeAt(0));

/** The id and the secret of a signing key: base64url, with or without `pxg_`. */
export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** Returns `base` with the pairs, sorted, and their signature, by WebCrypto. */
async function joinSigned(base: string, pairs: [string, string][], secret: string): Promise<string> {
  const { host, pathname } = new URL(base);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', fromBase64url(secret.replace(/^pxg_/, '')), algorithm, false, [
    'sign',
  ]);
  const text = new TextEncoder().encode(stringToSign(host, pathname, pairs));
  const signature = await crypto.subtle.sign('HMAC', key, text);
  return join(base, [...pairs.sort(comparePairs), ['s', base64url(new Uint8Array(signature))]]);
}

/**
 * Returns the signed URL of an image. Call it on your server: the secret must not be in a page.
 *
 * @param base URL of the resizer, as the browser requests it
 * @param source absolute URL of the image, not encoded
 * @param key a key in mode `signed`, as in the registry
 * @param options.exp expiry time in seconds since 1970; by default the end of the day in 30 days
 */
export const sign = (
  base: string,
  source: string,
  { id, secret }: SigningKey,
  options: UrlOptions = {},
): Promise<string> =>
  isInline(source)
    ? Promise.resolve(source)
    : joinSigned(base, toPairs({ exp: expiresIn(30), ...options, k: id, u: source }), secret);

/**
 * Returns any URL with a signature, for the middleware `signed-url`. Call it on your server: the secret must not be in a page.
 *
 * @param url absolute URL as the browser requests it; a fragment is dropped, and `k`, `exp` and `s` are replaced
 * @param options.exp expiry time in seconds since 1970; by default the end of the day in 30 days
 * @example await signUrl('https://example.com/report.csv?year=2026', { id: 'acme', secret })
 */
export function signUrl(url: string, { id, secret }: SigningKey, { exp = expiresIn(30) } = {}): Promise<string> {
  const own = ['k', 'exp', 's'];
  const pairs = [...new URL(url).searchParams].filter(([name]) => !own.includes(name));
  return joinSigned(url, [...pairs, ['k', id], ['exp', String(exp)]], secret);
}
