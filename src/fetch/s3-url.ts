/** Parses `s3:` URLs and the patterns of buckets that may be read. Pure. */
import { ImageError } from '../errors.ts';
import { leavesFolder } from './traversal.ts';

/** The name of a bucket or the alias of an access point, or the ARN of one. */
const BUCKET =
  /^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:aws[a-z-]*:s3:[a-z0-9-]+:\d{12}:accesspoint\/[a-z0-9-]{3,50})$/;

/** Splits `bucket/key`. The ARN of an access point holds a slash itself. */
function splitBucket(text: string): { bucket: string; key: string } | undefined {
  const name = text.replace(/^(arn:[^/]*:accesspoint):/, '$1/');
  const [, bucket = '', key = ''] = /^(arn:[^/]+\/[^/]*|[^/]*)(?:\/(.*))?$/s.exec(name) ?? [];
  return BUCKET.test(bucket) ? { bucket, key } : undefined;
}

/**
 * Parses `s3://bucket/key`, with `?versionId=…` for one version of the object. The key is taken byte for byte, as the S3 tools
 * write it: `%`, `+`, `?` and `#` are part of the name.
 *
 * @throws ImageError QUERY_INVALID
 */
export function parseS3Url(text: string): URL {
  const [, path = '', version] = /^(.*?)(?:\?versionId=((?:[\w.~+/=-]|%2[BFbf]|%3[Dd]){1,1024}))?$/s.exec(text) ?? [];
  const parts = path.startsWith('s3://') ? splitBucket(path.slice(5)) : undefined;
  if (!parts?.key) throw new ImageError('QUERY_INVALID', 'u must be s3://bucket/key');
  const { bucket, key } = parts;
  // Encoded or not, as it was copied: an id has no percent sign itself.
  const query = version === undefined ? '' : `?versionId=${encodeURIComponent(decodeURIComponent(version))}`;
  return new URL(`s3://${encodeURIComponent(bucket)}/${encodeURIComponent(key.toWellFormed())}${query}`);
}

/** Returns bucket, key and version of an `s3:` URL from `parseS3Url`. */
export const s3Parts = ({ hostname, pathname, searchParams }: URL) => ({
  bucket: decodeURIComponent(hostname),
  key: decodeURIComponent(pathname.slice(1)),
  versionId: searchParams.get('versionId') ?? undefined,
});

/**
 * Parses a bucket that may be read: `bucket`, or `bucket/folder` for the keys below that folder.
 *
 * @returns the same, with a slash at the end of a folder
 * @throws Error when it is no bucket, or the folder has `..`
 */
export function parseBucketPattern(text: string): string {
  const parts = splitBucket(text);
  if (!parts || leavesFolder(parts.key)) throw new Error(`${text} is not a bucket`);
  return parts.key ? `${parts.bucket}/${parts.key.replace(/\/?$/, '/')}` : parts.bucket;
}

/**
 * Whether an `s3:` URL is in a bucket, or below a folder in it. Buckets have no folders, but servers that store objects as files
 * do: a key that leaves its folder is not below it.
 *
 * @param pattern from `parseBucketPattern`
 */
export function matchesBucket(url: URL, pattern: string): boolean {
  const { bucket, key } = s3Parts(url);
  if (!pattern.endsWith('/')) return pattern === bucket;
  return `${bucket}/${key}`.startsWith(pattern) && !leavesFolder(`${bucket}/${key}`.slice(pattern.length));
}
