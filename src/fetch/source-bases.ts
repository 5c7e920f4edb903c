/** Short sources: `shop:cat.jpg` is an image below a URL that the configuration gives the name `shop`. Pure. */
import { ImageError } from '../errors.ts';
import { matchesBucket, parseBucketPattern } from './s3-url.ts';
import { parseSourceUrl } from './source-url.ts';
import { leavesFolder } from './traversal.ts';

/** A URL with a name. */
export interface SourceBase {
  readonly name: string;
  /** Ends in a slash. */
  readonly url: string;
}

/** The base of a `u` without a name: `/cat.jpg`. */
const DEFAULT_NAME = 'default';

/** Names that mean something else at the beginning of a URL, in a browser or in a file manager. */
const RESERVED =
  /^(?:about|abfss?|arn|az|blob|cid|data|dns|feed|file|filesystem|ftps?|gs|https?|javascript|jar|ldaps?|localhost|mailto|nfs|s3|sftp|smb|ssh|ssl|tel|tls|urn|view-source|wasbs?|wss?)$/;
const NAME = /^[a-z][a-z0-9-]{1,31}$/;

const invalid = (name: string) =>
  new ImageError(
    'QUERY_INVALID',
    `u must stay below ${name === DEFAULT_NAME ? '' : `${name}:`}/, without .., a backslash, // at its beginning, a control character or another URL`,
  );

/**
 * Parses `name=URL`, of the base URL of short sources: http(s) or s3, without a query.
 *
 * @throws Error when the name is that of a scheme, or the URL is not valid
 */
export function parseSourceBase(text: string): SourceBase {
  const [, name = '', base = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!NAME.test(name) || RESERVED.test(name)) throw new Error(`${name} is not a name of a source`);
  if (/[?#]/.test(base)) throw new Error('a base has a query or a fragment');
  if (base.startsWith('s3://'))
    return { name, url: `s3://${parseBucketPattern(base.slice(5).replace(/\/$/, '')).replace(/\/?$/, '/')}` };
  if (!/^https?:\/\/\S+$/i.test(base)) throw new Error('a base is an http(s) or s3 URL');
  const { href, pathname } = parseSourceUrl(base);
  if (leavesFolder(pathname.replace(/^\/+/, ''))) throw new Error('a base leads out of itself');
  return { name, url: href.replace(/\/?$/, '/') };
}

/** Whether a URL is below a base, also as the origin may read its path. @param url from `parseSourceUrl` */
export function isBelowBase(url: URL, { url: base }: SourceBase): boolean {
  if (base.startsWith('s3://')) return url.protocol === 's3:' && matchesBucket(url, toBucketPattern(base));
  const href = url.href.slice(0, url.href.length - url.search.length);
  return href.startsWith(base) && !leavesFolder(href.slice(base.length));
}

/** Returns the pattern of an S3 base: `bucket`, or `bucket/folder/`. */
const toBucketPattern = (base: string) => parseBucketPattern(base.slice(5).replace(/\/$/, ''));

/** Returns the patterns of the buckets that bases are in: an S3 base may be read, and what is below it. */
export const bucketsOf = (bases: readonly SourceBase[]): string[] =>
  bases.flatMap(({ url }) => (url.startsWith('s3://') ? [toBucketPattern(url)] : []));

/**
 * Parses the image URL in `u`, which may be short: `name:path`, or `/path` below the base named `default`. A short one becomes
 * the URL that it stands for, so that both spellings are one image in every cache.
 *
 * @throws ImageError QUERY_INVALID, also for a path that leads out of its base, by itself or once decoded
 */
export function parseSource(text: string, bases: readonly SourceBase[]): URL {
  const trimmed = text.trim();
  const [, name = DEFAULT_NAME, rest = ''] = /^(?:([a-z][a-z0-9-]*):|(?=\/(?!\/)))(.*)$/is.exec(trimmed) ?? [];
  const base = rest && bases.find((candidate) => candidate.name === name.toLowerCase());
  if (!base) return parseSourceUrl(text);
  // As the URL standard does for `src`, and before the path is checked.
  const path = rest.replace(/[\t\n]/g, '').replace(/^\//, '');
  const isS3 = base.url.startsWith('s3://');
  const [folder = ''] = isS3 ? [path] : path.split(/[?#]/, 1);
  if (!folder || leavesFolder(folder)) throw invalid(base.name);
  const url = parseSourceUrl(base.url + path);
  if (!isBelowBase(url, base)) throw invalid(base.name);
  return url;
}
