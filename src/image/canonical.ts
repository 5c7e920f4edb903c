/** Normalizes a request to its canonical query, so that equal images have equal cache keys. Pure. */
import { DEFAULTS, type ImageOptions } from '../options.ts';
import { devicePixels } from './size.ts';

/**
 * Parameters that do not change the image: credentials, caching, file name, fallback; and `p`, whose preset is already in
 * the other parameters.
 */
const NON_KEY_PARAMS = ['k', 's', 'exp', 'maxage', 'filename', 'dl', 'default', 'defaultfor', 'p'];

/**
 * Maximum device pixels for which `w=100&dpr=2` and `w=200` are the same request. Above, an output can exceed the limits of
 * a deployment: then a ratio is lowered but a length is rejected, so that the two are not the same.
 */
const MAX_FOLDED = 2048;

/** Applies the device pixel ratio to a length in pixels, or to a percentage. */
function foldDpr(length: number | string | undefined, dpr: number): number | string | undefined {
  if (typeof length === 'string') return `${devicePixels(Number.parseFloat(length), dpr)}%`;
  return length === undefined ? undefined : devicePixels(length, dpr);
}

/**
 * Returns the canonical query: sorted by name, aliases resolved, defaults left out, `dpr` folded into `w` and `h`. Part of
 * the key of every cache.
 *
 * @param options a validated query
 */
export function canonicalQuery(options: ImageOptions): string {
  const { w, h, dpr } = options;
  const isLarge = [w, h].some((length) => typeof length === 'number' && devicePixels(length, dpr) > MAX_FOLDED);
  const foldedDpr = isLarge ? 1 : dpr;
  const params: Record<string, unknown> = { ...options, w: foldDpr(w, foldedDpr), h: foldDpr(h, foldedDpr) };
  params.dpr = isLarge && dpr !== 1 ? dpr : undefined;
  // The default of `fit` is `inside`; with `ar` it is `cover`.
  if (options.ar === undefined && options.fit === 'inside') params.fit = undefined;
  const defaults: Readonly<Record<string, unknown>> = DEFAULTS;
  const pairs = Object.entries(params).filter(
    ([name, value]) =>
      value !== undefined && value !== false && !NON_KEY_PARAMS.includes(name) && value !== defaults[name],
  );
  return pairs
    .map(([name, value]) => `${name}=${value === true ? 1 : encodeURIComponent(String(value))}`)
    .sort()
    .join('&');
}
