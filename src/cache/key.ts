/** What a cached image is stored and found by: the query in canonical form, and versions of everything else that it depends on. */
import type { Config } from '../config.ts';
import type { HostHeaders } from '../fetch/source-headers.ts';
import { cacheTags } from '../http/headers.ts';
import { canonicalQuery } from '../image/canonical.ts';
import type { Mark } from '../image/mark.ts';
import { acceptToken } from '../image/negotiate.ts';
import { encoderVersion } from '../image/resize.ts';
import type { ImageOptions } from '../options.ts';
import { LIMITS, SVG_VERSION } from '../svg/pool.ts';

/** A validated query with what follows from it alone: computed once per query, see `queryValidator`. */
export interface DerivedQuery {
  readonly options: ImageOptions;
  readonly url: URL;
  /** Equal for equal images, see `canonicalQuery`. */
  readonly canonical: string;
  readonly tags: readonly string[];
  /** Whether the quality depends on the `Save-Data` header, and is in `options` already. */
  readonly variesOnSaveData?: boolean;
  /** The mark that `options.mark` names. */
  readonly mark?: Mark | undefined;
}

/** Returns the canonical query, and the version of the mark. */
export const canonicalOf = (options: ImageOptions, mark: Mark | undefined): string =>
  mark ? `${canonicalQuery(options)}\n${mark.version}` : canonicalQuery(options);

/** @param mark that the options name: what they leave unset is as the deployment sets it for this mark */
export function deriveQuery(options: ImageOptions, mark?: Mark): DerivedQuery {
  const marked = mark ? { ...mark.options, ...options } : options;
  return {
    options: marked,
    url: new URL(options.u),
    canonical: canonicalOf(marked, mark),
    tags: cacheTags(options.u),
    mark,
  };
}

/** Whether the output depends on the `Accept` header. */
export const variesOnAccept = ({ f, explain }: ImageOptions) => f === 'auto' || explain;

/** Returns the request headers that the output depends on, as the value of `Vary`; undefined for none. */
export const varyOf = ({ options, variesOnSaveData }: Pick<DerivedQuery, 'options' | 'variesOnSaveData'>) =>
  [variesOnAccept(options) ? 'Accept' : '', variesOnSaveData ? 'Save-Data' : ''].filter(Boolean).join(', ') ||
  undefined;

/** Changes with the encoders, the folder of fonts, and every limit that decides on an output. */
export const renderVersion = (config: Config) =>
  JSON.stringify([encoderVersion, SVG_VERSION, config.fonts, LIMITS.map((name) => config[name])]);

/** Changes with the rules of what may be fetched: a shared cache may have been filled under other rules. */
export const fetchPolicyVersion = (config: Config) =>
  JSON.stringify([
    config.sourceAllowedHosts,
    config.sourceAllowedBuckets,
    config.sourceAllowedNetworks.map(([address, bits]) => `${address}/${bits}`),
    ...(config.sourceS3Endpoint ? [config.sourceS3Endpoint] : []),
  ]);

/**
 * The cache key of an image (RFC 9111, 2).
 *
 * @param options.headers that the source is fetched with: their image is another one than that of the same URL without them
 */
export function cacheKey(
  version: string,
  { options, canonical }: Pick<DerivedQuery, 'options' | 'canonical'>,
  accept: string | undefined,
  {
    maxResponseBytes,
    avif,
    headers,
  }: { readonly maxResponseBytes: number | string; readonly avif: boolean; readonly headers?: HostHeaders | undefined },
): string {
  const token = variesOnAccept(options) ? acceptToken(accept, avif) : '';
  const key = `${version}\n${canonical}\n${token}\n${maxResponseBytes}`;
  return headers ? `${key}\n${headers.id}` : key;
}
