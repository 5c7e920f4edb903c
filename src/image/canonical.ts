/** The one spelling of a request: equal pictures have equal queries. Pure. */
import type { ImageOptions } from '../options.ts';

/**
 * What is no part of the picture: who asks, how long it may be kept and by what name, what to do without it; and what was
 * already put into the other parameters.
 */
const NOT_IN_KEY = ['k', 's', 'exp', 'maxage', 'filename', 'dl', 'default', 'defaultfor', 'p'];
const DEFAULTS: Readonly<Record<string, unknown>> = {
  a: 'center',
  ro: 0,
  f: 'auto',
  q: 80,
  n: -1,
  meta: 'none',
};

/**
 * Device pixels up to which a length and its ratio are one number. Above, a result can pass the limits of a deployment: then a
 * ratio is lowered, where a length is refused, and the two are not the same request.
 */
const MAX_FOLDED = 2048;

/** A length in pixels has its device pixel ratio put into it; a percentage is of the source, and so is its ratio. */
const foldDpr = (length: number | string | undefined, dpr: number) =>
  typeof length === 'string'
    ? `${Number.parseFloat(length) * dpr}%`
    : length === undefined
      ? undefined
      : Math.round(length * dpr * 1e6) / 1e6;

/**
 * Sorted by name, aliases and defaults resolved, `dpr` folded into `w` and `h`: the identity of a result in every cache.
 *
 * @param options a validated query
 */
export function canonicalQuery(options: ImageOptions): string {
  const { w, h } = options;
  const isLarge = [w, h].some((length) => typeof length === 'number' && length * options.dpr > MAX_FOLDED);
  const dpr = isLarge ? 1 : options.dpr;
  const sized: Record<string, unknown> = { ...options, w: foldDpr(w, dpr), h: foldDpr(h, dpr) };
  sized.dpr = isLarge && options.dpr !== 1 ? options.dpr : undefined;
  // With a ratio, `cover` is meant where nothing is said.
  if (options.ar === undefined && options.fit === 'inside') sized.fit = undefined;
  const pairs = Object.entries(sized).filter(
    ([name, value]) => value !== undefined && value !== false && !NOT_IN_KEY.includes(name) && value !== DEFAULTS[name],
  );
  return pairs
    .map(([name, value]) => `${name}=${value === true ? 1 : encodeURIComponent(String(value))}`)
    .sort()
    .join('&');
}
