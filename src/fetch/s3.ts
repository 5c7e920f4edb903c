/** Reads a source from S3, with the same limits as over HTTP. */
import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ImageError } from '../errors.ts';
import { type FetchedSource, type NotModified, type OriginResponse, readBody, type SourceLimits } from './body.ts';
import { isTransientStatus, sourceTimeout, sourceUnavailable } from './errors.ts';
import { parseContentEncoding } from './gzip.ts';
import type { Validators } from './request.ts';
import { s3Parts } from './s3-url.ts';

/** The SDK and its client, loaded for the first `s3:` URL. Region, credentials and endpoint come from the environment, as for any AWS SDK. */
let loadedClient: Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined;
const loadClient = () => {
  loadedClient ??= import('@aws-sdk/client-s3').then(
    (sdk) => ({ sdk, client: new sdk.S3Client({ followRegionRedirects: true }) }),
    (cause) => {
      throw new ImageError(
        'INTERNAL',
        'An s3: source needs the package @aws-sdk/client-s3, which the Lambda runtime includes.',
        { cause },
      );
    },
  );
  return loadedClient;
};

const statusOf = (error: unknown) => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return sourceTimeout(error);
  const status = statusOf(error);
  if (status === 404) return new ImageError('SOURCE_NOT_FOUND', 'The bucket has no such object.', { cause: error });
  if (status === 403)
    return new ImageError('SOURCE_FORBIDDEN', 'The bucket does not allow this deployment to read the object.', {
      cause: error,
    });
  const transient = status === undefined || isTransientStatus(status);
  return sourceUnavailable('The bucket could not be read.', error, transient);
}

/** Returns what caching depends on. S3 does not redirect, and has no caches that add an age. */
const originResponse = ({
  ETag,
  LastModified,
  CacheControl,
  ExpiresString,
}: Pick<GetObjectCommandOutput, 'ETag' | 'LastModified' | 'CacheControl' | 'ExpiresString'>): OriginResponse => ({
  requestedAt: Date.now(),
  headers: {
    ...(ETag && { etag: ETag }),
    ...(LastModified && { 'last-modified': LastModified.toUTCString() }),
    ...(CacheControl && { 'cache-control': CacheControl }),
    ...(ExpiresString && { expires: ExpiresString }),
  },
  receivedAt: Date.now(),
  redirects: [],
  hops: [],
  finalUrl: undefined,
});

/**
 * Reads one object.
 *
 * @param url `s3://bucket/key`, with a version or without, from `parseSourceUrl`; its bucket has been checked
 * @param signal ends the request and the transfer
 * @param validators of an earlier response: with them S3 may respond with 304
 * @throws ImageError SOURCE_FORBIDDEN when the bucket does not allow it; SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, IMAGE_TOO_LARGE,
 *   SOURCE_UNSUPPORTED, SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export async function readS3(
  url: URL,
  limits: SourceLimits,
  signal: AbortSignal,
  { etag, lastModified }: Validators,
): Promise<FetchedSource | NotModified> {
  const { bucket, key, versionId } = s3Parts(url);
  const object = { Bucket: bucket, Key: key, VersionId: versionId };
  const { sdk, client } = await loadClient();
  const startedAt = performance.now();
  try {
    const command = new sdk.GetObjectCommand({
      ...object,
      IfNoneMatch: etag,
      IfModifiedSince: lastModified === undefined ? undefined : new Date(lastModified),
    });
    const output = await client.send(command, { abortSignal: signal });
    const { Body, ContentLength: contentLength = 0, ContentEncoding } = output;
    const response = originResponse(output);
    const body = Body as Readable;
    const onAbort = () => body.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const coding = parseContentEncoding(ContentEncoding);
      const source = await readBody(body, { contentLength, coding, signal, limits });
      return { ...source, ...response, timings: { dns: 0, connect: 0, download: performance.now() - startedAt } };
    } finally {
      signal.removeEventListener('abort', onAbort);
      body.destroy();
    }
  } catch (error) {
    if (statusOf(error) === 304) {
      // The SDK throws on a 304 and drops its caching headers: HEAD returns them.
      const head = await client.send(new sdk.HeadObjectCommand(object), { abortSignal: signal });
      return { bytes: undefined, ...originResponse(head) };
    }
    throw toSourceError(error, signal);
  }
}
