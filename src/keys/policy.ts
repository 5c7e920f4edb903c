/** Checks one request against the policy of its key, before anything is fetched. Pure. */
import { ImageError } from '../errors.ts';
import { matchesBucket } from '../fetch/s3-url.ts';
import { isBelowBase, type SourceBase } from '../fetch/source-bases.ts';
import { matchesHost, type SourceRestriction } from '../fetch/source-url.ts';
import type { Mark } from '../image/mark.ts';
import { isMetadataFormat } from '../image/negotiate.ts';
import { devicePixels } from '../image/size.ts';
import type { ImageOptions } from '../options.ts';
import type { Key } from './registry.ts';

/** Parameters that are allowed beside a preset, for a key that may use only presets. */
export const PRESET_COMPANIONS: readonly string[] = ['k', 'u', 'v', 'p', 'dpr', 'exp', 's'];

/** The facts about one request that policies depend on. */
export interface PolicyRequest {
  readonly options: ImageOptions;
  /** Names of the parameters in the query, aliases resolved; without those that a preset added. */
  readonly given: ReadonlySet<string>;
  /** The header `Origin`. */
  readonly origin: string | undefined;
  /** The header `Referer`. */
  readonly referer: string | undefined;
}

const list = (values: readonly unknown[]) => values.join(', ');

type Bases = readonly SourceBase[];

/** Returns the bases in `sources`. */
const basesOf = ({ baseNames }: Key, bases: Bases): Bases => bases.filter(({ name }) => baseNames.includes(name));

/** Whether a URL is on one of the hosts, in one of the buckets, or below one of the bases in `sources`. */
const isSource = (url: URL, key: Key, bases: Bases): boolean =>
  (url.protocol === 's3:'
    ? key.buckets.some((pattern) => matchesBucket(url, pattern))
    : key.hosts?.some((pattern) => matchesHost(url, pattern))) ||
  basesOf(key, bases).some((base) => isBelowBase(url, base));

/** Checks an image URL against `sources`. @param parameter whose value it is */
const checkSource = (imageUrl: string, parameter: string, key: Key, bases: Bases): string | undefined =>
  isSource(new URL(imageUrl), key, bases) ? undefined : `${parameter} must be on one of the hosts of this key`;

/**
 * Returns what a key may fetch, for the redirects of its sources; undefined for a key without `sources`. Its errors do not
 * name the key: they are shared by all keys with the same `sources`. A redirect from a base may lead anywhere on its host.
 *
 * @param bases of the deployment
 */
export function sourceRestriction(key: Key, bases: Bases = []): SourceRestriction | undefined {
  const { sources } = key.policy;
  if (!sources) return undefined;
  const origins = basesOf(key, bases).map(({ url }) => new URL(url).origin);
  return {
    id: sources.join(),
    assertAllowed: (url) => {
      if (!isSource(url, key, bases) && !origins.includes(url.origin))
        throw new ImageError('POLICY_FORBIDDEN', 'This key does not allow this: the image redirects to another host.');
    },
  };
}

/**
 * Whether an origin matches a pattern such as `https://*.example.com`. Scheme and port must be the same; `*.` matches
 * subdomains, not the domain itself.
 *
 * @param origin as `URL.origin` serializes it
 */
function matchesOrigin(origin: string, pattern: string): boolean {
  const [patternScheme = '', patternHost = ''] = pattern.toLowerCase().split('://');
  const [scheme = '', host = ''] = origin.split('://');
  if (patternScheme !== scheme) return false;
  return patternHost.startsWith('*.') ? host.endsWith(patternHost.slice(1)) : host === patternHost;
}

/**
 * Checks the site that embeds the image, by `Origin`, else by `Referer`. A request without both passes: some browsers never
 * send them, and any other client can send what it likes.
 */
function checkEmbeddingSite({ origin, referer }: PolicyRequest, pages: readonly string[]): string | undefined {
  const header = origin !== undefined && origin !== 'null' ? origin : referer;
  const site = header === undefined ? undefined : URL.parse(header)?.origin;
  if (site === undefined || site === 'null') return undefined;
  const isAllowed = pages.some((pattern) => matchesOrigin(site, pattern));
  return isAllowed ? undefined : 'its images may not be embedded on this site';
}

/** Checks `w` × `dpr` against `maxWidth` and `widths`. Metadata has no width. */
function checkWidth(
  { w, dpr, f, fit, ro, pad }: ImageOptions,
  { maxWidth, widths }: Key['policy'],
): string | undefined {
  if (maxWidth === undefined && widths === undefined) return undefined;
  if (w === undefined && isMetadataFormat(f)) return undefined;
  if (typeof w !== 'number') return 'w is required, in pixels';
  if (fit === 'outside' || ro % 90 !== 0 || pad !== undefined)
    return 'fit=outside, pad, or a rotation that is not a multiple of 90 degrees, can make the image wider than w';
  const width = Math.round(devicePixels(w, dpr));
  if (widths && !widths.includes(width)) return `w × dpr must be one of ${list(widths)}`;
  return maxWidth !== undefined && width > maxWidth ? `w × dpr may be at most ${maxWidth}` : undefined;
}

/** Checks `p` against `presets`, and that nothing else is set where only presets are allowed. */
function checkPresets({ options, given }: PolicyRequest, { presets, presetsOnly }: Key['policy']): string | undefined {
  if (presetsOnly && !given.has('p')) return 'p is required: this key may use only presets';
  const other = presetsOnly && [...given].find((name) => !PRESET_COMPANIONS.includes(name));
  if (other) return `${other} is not allowed: this key may use only presets`;
  return presets && options.p !== undefined && !presets.includes(options.p)
    ? `p must be one of ${list(presets)}`
    : undefined;
}

const forbidden = ({ id }: Key, reason: string) =>
  new ImageError('POLICY_FORBIDDEN', `The key ${id} does not allow this: ${reason}.`);

type MarkedKey = Key & Required<Pick<Key, 'mark'>>;

/** Whether the policy of a key has a mark. */
export const hasMark = (key: Key): key is MarkedKey => key.mark !== undefined;

/**
 * Returns the mark of the key's policy, and the options with it: where and as large as the policy says, else the deployment. A request
 * may make it larger or more opaque.
 *
 * @param options as requested, without what the deployment sets for a mark
 * @param marks of the deployment, by name
 * @throws ImageError POLICY_FORBIDDEN for a request that would drop, move or fade the mark or make it smaller, or keep metadata,
 *   which can hold a preview without it; and for a mark that does not exist
 */
export function requireMark(
  key: MarkedKey,
  options: ImageOptions,
  marks: ReadonlyMap<string, Mark>,
): { readonly options: ImageOptions; readonly mark: Mark } {
  const { name, options: own } = key.mark;
  const mark = marks.get(name);
  if (!mark) throw forbidden(key, `its mark ${name} is not one of this deployment`);
  const required = { ...mark.options, ...own, mark: name };
  const { mscale = required.mscale, malpha = required.malpha } = options;
  const moved = (['mark', 'mpos', 'mx', 'my'] as const).find(
    (parameter) => options[parameter] !== undefined && options[parameter] !== required[parameter],
  );
  if (moved) throw forbidden(key, `${moved} must be ${required[moved]}`);
  if (mscale < required.mscale) throw forbidden(key, `mscale must be at least ${required.mscale}`);
  if (malpha < required.malpha) throw forbidden(key, `malpha must be at least ${required.malpha}`);
  if (options.meta === 'keep') throw forbidden(key, 'metadata can hold a preview without its mark');
  return { options: { ...options, ...required, mscale, malpha }, mark };
}

/**
 * Checks a request against the policy of its key.
 *
 * @param bases of the deployment, by whose names `sources` can allow them
 * @throws ImageError POLICY_FORBIDDEN with the rule that failed
 */
export function checkPolicy(key: Key, request: PolicyRequest, bases: Bases = []): void {
  const { policy } = key;
  const { options } = request;
  const fallbackUrl = options.default === '1' ? undefined : options.default;
  const reason =
    (policy.sources && checkSource(options.u, 'u', key, bases)) ||
    (policy.sources && fallbackUrl !== undefined && checkSource(fallbackUrl, 'default', key, bases)) ||
    (policy.pages && checkEmbeddingSite(request, policy.pages)) ||
    checkPresets(request, policy) ||
    (policy.formats && !policy.formats.includes(options.f) && `f must be one of ${list(policy.formats)}`) ||
    checkWidth(options, policy);
  if (reason) throw forbidden(key, reason);
}
