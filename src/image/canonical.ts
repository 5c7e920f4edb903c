/** Normalizes a request to its canonical query, so that equal images have equal cache keys. Pure. */
import { DEFAULTS, type ImageOptions } from '../options.ts';
import { defaultFit } from './size.ts';

/**
 * Parameters that do not change the image: credentials, caching, file name, fallback; and `p`, whose preset is already in
 * the other parameters.
 */
const NON_KEY_PARAMS = ['k', 's', 'exp', 'maxage', 'filename', 'dl', 'default', 'defaultfor', 'p'];

/**
 * Returns the canonical query: sorted by name, aliases resolved, defaults left out. Part of the key of every cache: equal
 * canonical queries have equal plans, and are refused with equal errors.
 *
 * `dpr` stays, although `w=100&dpr=2` mostly gives the image of `w=200`: where that exceeds a limit of the deployment, a
 * ratio is lowered but a length is refused. Which of the two it is depends on the source, and a key is needed before it.
 *
 * @param options a validated query
 */
export function canonicalQuery(options: ImageOptions): string {
  const params: Record<string, unknown> = { ...options };
  if (options.fit === defaultFit(options.ar)) params.fit = undefined;
  // Without a size there is no box, and nothing to multiply but a border.
  if (options.w === undefined && options.h === undefined)
    Object.assign(params, { ar: undefined, fit: undefined, we: undefined }, !options.pad && { dpr: undefined });
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
