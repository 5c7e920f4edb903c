/** What a key may do: its policy against one request, before anything is fetched. Pure. */
import { ImageError } from '../errors.ts';
import { matchesHost, s3Parts } from '../fetch/source-url.ts';
import { isMetadataFormat } from '../image/negotiate.ts';
import type { ImageOptions } from '../options.ts';
import type { Key } from './registry.ts';

/** Beside a preset, for a key that may use presets only. */
export const PRESET_COMPANIONS: readonly string[] = ['k', 'u', 'p', 'dpr', 'exp', 's'];

/** What is known of one request. */
export interface PolicyRequest {
  readonly options: ImageOptions;
  /** Names of the parameters as the caller gave them, aliases resolved; what a preset added is not among them. */
  readonly given: ReadonlySet<string>;
  readonly origin: string | undefined;
  readonly referer: string | undefined;
}

const list = (values: readonly unknown[]) => values.join(', ');

function checkSource(address: string, what: string, { hosts, buckets }: Key): string | undefined {
  const url = new URL(address);
  const allowed =
    url.protocol === 's3:'
      ? buckets.includes(s3Parts(url).bucket)
      : hosts?.some((pattern) => matchesHost(url, pattern));
  return allowed ? undefined : `${what} must be on one of the hosts of this key`;
}

/** `https://*.example.com` → whether a site is below it. Scheme and port must be the pattern's. */
function matchesSite(site: string, pattern: string): boolean {
  const [scheme = '', rest = ''] = pattern.toLowerCase().split('://');
  const [there = '', host = ''] = site.split('://');
  if (scheme !== there) return false;
  return rest.startsWith('*.') ? host.endsWith(rest.slice(1)) : host === rest;
}

/** A browser that says nothing passes: some never do, and a program can say anything. */
function checkEmbeddingSite({ origin, referer }: PolicyRequest, pages: readonly string[]): string | undefined {
  const said = origin !== undefined && origin !== 'null' ? origin : referer;
  const site = said === undefined ? undefined : URL.parse(said)?.origin;
  if (site === undefined || site === 'null') return undefined;
  return pages.some((pattern) => matchesSite(site, pattern)) ? undefined : 'its pictures may not be shown on this site';
}

/** `w` × `dpr` against `maxWidth` and `widths`. A fact has no width. */
function checkWidth({ w, dpr, f, fit, ro }: ImageOptions, { maxWidth, widths }: Key['policy']): string | undefined {
  if (maxWidth === undefined && widths === undefined) return undefined;
  if (w === undefined && isMetadataFormat(f)) return undefined;
  if (typeof w !== 'number') return 'w must be given, in pixels';
  if (fit === 'outside' || ro % 90 !== 0)
    return 'fit=outside and turning by other angles than quarters make a picture wider than w';
  const width = Math.round(w * dpr);
  if (widths && !widths.includes(width)) return `w × dpr must be one of ${list(widths)}`;
  return maxWidth !== undefined && width > maxWidth ? `w × dpr may be at most ${maxWidth}` : undefined;
}

function checkPresets({ options, given }: PolicyRequest, { presets, presetsOnly }: Key['policy']): string | undefined {
  if (presetsOnly && !given.has('p')) return 'p is required: this key may use presets only';
  const other = presetsOnly && [...given].find((name) => !PRESET_COMPANIONS.includes(name));
  if (other) return `${other} is not allowed: this key may use presets only`;
  return presets && options.p !== undefined && !presets.includes(options.p)
    ? `p must be one of ${list(presets)}`
    : undefined;
}

/**
 * @throws ImageError POLICY_FORBIDDEN with the rule that failed
 */
export function checkPolicy(key: Key, request: PolicyRequest): void {
  const { policy } = key;
  const { options } = request;
  const other = options.default === '1' ? undefined : options.default;
  const fault =
    (policy.sources && checkSource(options.u, 'u', key)) ||
    (policy.sources && other !== undefined && checkSource(other, 'default', key)) ||
    (policy.pages && checkEmbeddingSite(request, policy.pages)) ||
    checkPresets(request, policy) ||
    (policy.formats && !policy.formats.includes(options.f) && `f must be one of ${list(policy.formats)}`) ||
    checkWidth(options, policy);
  if (fault) throw new ImageError('POLICY_FORBIDDEN', `The key ${key.id} does not allow this: ${fault}.`);
}
