/** A picture from S3, with the same limits. The SDK is loaded for the first `s3:` address only. */
import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ImageError } from '../errors.ts';
import { type CacheHeaders, type FetchedSource, type NotModified, readBody, type SourceLimits } from './body.ts';
import { sourceTimeout, sourceUnavailable } from './errors.ts';
import { isGzipped } from './gzip.ts';
import type { Validators } from './request.ts';
import { s3Parts } from './source-url.ts';

/** The SDK, loaded for the first `s3:` address. Region, credentials and endpoint come from the environment, as everywhere in AWS. */
let opened: Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined;
const openClient = () => {
  opened ??= import('@aws-sdk/client-s3').then(
    (sdk) => ({ sdk, client: new sdk.S3Client({}) }),
    (cause) => {
      throw new ImageError('INTERNAL', 'A source of s3: needs the package @aws-sdk/client-s3, which Lambda has.', {
        cause,
      });
    },
  );
  return opened;
};

const statusOf = (error: unknown) => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return sourceTimeout(error);
  const status = statusOf(error);
  if (status === 404)
    return new ImageError('SOURCE_NOT_FOUND', 'There is no such picture in the bucket.', { cause: error });
  if (status === 403)
    return new ImageError('SOURCE_FORBIDDEN', 'The bucket does not let this deployment read the picture.', {
      cause: error,
    });
  return sourceUnavailable('The bucket could not be read.', error);
}

const headersOf = ({
  ETag,
  LastModified,
  CacheControl,
  ExpiresString,
}: Pick<GetObjectCommandOutput, 'ETag' | 'LastModified' | 'CacheControl' | 'ExpiresString'>): CacheHeaders => ({
  ...(ETag && { etag: ETag }),
  ...(LastModified && { 'last-modified': LastModified.toUTCString() }),
  ...(CacheControl && { 'cache-control': CacheControl }),
  ...(ExpiresString && { expires: ExpiresString }),
});

/**
 * @param address `s3://bucket/key`, from `parseAddress`, its bucket checked
 * @throws ImageError SOURCE_FORBIDDEN when the bucket does not let us read; SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, IMAGE_TOO_LARGE, SOURCE_UNSUPPORTED, SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export async function readS3(
  address: URL,
  limits: SourceLimits,
  signal: AbortSignal,
  { etag, lastModified }: Validators,
): Promise<FetchedSource | NotModified> {
  const { bucket, key } = s3Parts(address);
  const { sdk, client } = await openClient();
  const started = performance.now();
  try {
    const command = new sdk.GetObjectCommand({
      Bucket: bucket,
      Key: key,
      IfNoneMatch: etag,
      IfModifiedSince: lastModified === undefined ? undefined : new Date(lastModified),
    });
    const { Body, ContentLength = 0, ContentEncoding, ...answer } = await client.send(command, { abortSignal: signal });
    const answered = { headers: headersOf(answer), receivedAt: Date.now() };
    const body = Body as Readable;
    const end = () => body.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      const source = await readBody(body, ContentLength, limits, isGzipped(ContentEncoding) ? signal : undefined);
      return { ...source, ...answered, timings: { dns: 0, connect: 0, download: performance.now() - started } };
    } finally {
      signal.removeEventListener('abort', end);
      body.destroy();
    }
  } catch (error) {
    if (statusOf(error) === 304) {
      // The SDK makes an error of a 304, without what it says of caching.
      const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      return { bytes: undefined, headers: headersOf(head), receivedAt: Date.now() };
    }
    throw toSourceError(error, signal);
  }
}
