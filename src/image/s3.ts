/** A picture from S3, with the same limits. Loaded for the first `s3:` address only, and the SDK with it. */
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ImageError } from '../errors.ts';
import { s3Parts } from './address.ts';
import type { Validators } from './connect.ts';
import {
  type CacheFields,
  type Fetched,
  readBody,
  type SourceLimits,
  tooSlow,
  type Unchanged,
  unavailable,
} from './source.ts';

/** Region, credentials and endpoint come from the environment, as everywhere in AWS. */
const client = new S3Client({});

function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return tooSlow(error);
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === 404)
    return new ImageError('SOURCE_NOT_FOUND', 'There is no such picture in the bucket.', { cause: error });
  if (status === 403)
    return new ImageError('SOURCE_FORBIDDEN', 'The bucket does not let this deployment read the picture.', {
      cause: error,
    });
  return unavailable('The bucket could not be read.', error);
}

const fieldsOf = ({
  ETag,
  LastModified,
  CacheControl,
  ExpiresString,
}: Pick<GetObjectCommandOutput, 'ETag' | 'LastModified' | 'CacheControl' | 'ExpiresString'>): CacheFields => ({
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
): Promise<Fetched | Unchanged> {
  const { bucket, key } = s3Parts(address);
  const started = performance.now();
  try {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      IfNoneMatch: etag,
      IfModifiedSince: lastModified === undefined ? undefined : new Date(lastModified),
    });
    const { Body, ContentLength = 0, ...answer } = await client.send(command, { abortSignal: signal });
    const answered = { fields: fieldsOf(answer), receivedAt: Date.now() };
    const body = Body as Readable;
    const end = () => body.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      const source = await readBody(body, ContentLength, limits);
      return { ...source, ...answered, timings: { dns: 0, connect: 0, download: performance.now() - started } };
    } finally {
      signal.removeEventListener('abort', end);
      body.destroy();
    }
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 304) {
      // The SDK makes an error of a 304, without what it says of caching.
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      return { bytes: undefined, fields: fieldsOf(head), receivedAt: Date.now() };
    }
    throw toSourceError(error, signal);
  }
}
