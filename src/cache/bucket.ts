/**
 * The shared cache: rendered images in an S3 bucket that all instances use, by source URL and cache key. Best effort: if the
 * bucket fails the request continues without it, and the bucket is skipped for a while (circuit breaker). The SDK is loaded
 * with the first image.
 */
import { createHash } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { sourceTag } from '../http/headers.ts';
import type { StoredImage } from './stored.ts';

/** Milliseconds: for a read, for a write, and for which the bucket is skipped after a failure. */
const READ_TIMEOUT = 1000;
const WRITE_TIMEOUT = 10_000;
const RETRY_AFTER = 10_000;

/** Raise it when `StoredImage` changes, so that objects in the old format are not found. */
const FORMAT_VERSION = 4;

/** `pixgate/u-…/…`: all images of a source have one prefix, so that they can be deleted together. */
const objectKey = (u: string, key: string) =>
  `pixgate/${sourceTag(u)}/${createHash('sha256').update(`${FORMAT_VERSION}\n${key}`).digest('base64url')}`;

/** Maximum bytes of metadata: S3 takes 2 kB with its name. Headers of an origin can be longer. */
const MAX_METADATA_BYTES = 2000;

/** Returns everything but the bytes, in ASCII. */
const serialize = (image: StoredImage) => {
  const { data, timings: _, validatedAt: __, ...rest } = image;
  return Buffer.from(JSON.stringify({ ...rest, text: typeof data === 'string' })).toString('base64url');
};

/** Returns the image of an object; undefined if it is not one of ours: others may be allowed to write to the bucket. */
function deserialize(metadata: string | undefined, data: Buffer): StoredImage | undefined {
  try {
    const { text, ...rest } = JSON.parse(Buffer.from(metadata ?? '', 'base64url').toString());
    const isComplete =
      typeof rest.type === 'string' &&
      typeof rest.validator === 'string' &&
      typeof rest.headers === 'object' &&
      rest.headers !== null &&
      Array.isArray(rest.redirects) &&
      typeof rest.caching?.receivedAt === 'number';
    return isComplete ? { ...rest, data: text ? data.toString() : data, validatedAt: 0 } : undefined;
  } catch {
    return undefined;
  }
}

const isMissing = (error: unknown) => (error as { name?: string }).name === 'NoSuchKey';

/** Returns a function that runs work and returns its result; undefined if it fails, or has failed shortly before. */
function circuitBreaker() {
  let openUntil = 0;
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (Date.now() < openUntil) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!isMissing(error)) openUntil = Date.now() + RETRY_AFTER;
      return undefined;
    }
  };
}

/**
 * @param bucket name of the bucket
 * @param fetchPolicyVersion part of every key: the bucket may have been filled under other rules of what may be fetched
 */
export function createSharedCache(bucket: string, fetchPolicyVersion: string) {
  let client: Promise<{ s3: S3Client; sdk: typeof import('@aws-sdk/client-s3') }> | undefined;
  // Separate ones: a failed write must not disable reads.
  const tryRead = circuitBreaker();
  const tryWrite = circuitBreaker();
  const open = () => {
    client ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, s3: new sdk.S3Client({ maxAttempts: 1 }) }));
    return client;
  };
  const keyOf = (u: string, key: string) => objectKey(u, `${fetchPolicyVersion}\n${key}`);

  return {
    /** Returns the image; undefined if it is not there, not in time, or not readable. */
    read: (u: string, key: string): Promise<StoredImage | undefined> =>
      tryRead(async () => {
        const { s3, sdk } = await open();
        const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: keyOf(u, key) });
        const timeout = AbortSignal.timeout(READ_TIMEOUT);
        const { Body, Metadata } = await s3.send(command, { abortSignal: timeout });
        const chunks: Buffer[] = [];
        for await (const chunk of addAbortSignal(timeout, Body as Readable)) chunks.push(chunk);
        return deserialize(Metadata?.pixgate, Buffer.concat(chunks));
      }),
    /** Writes an image. A request does not wait for it. @returns `unwritable` if the headers of its origin are too long */
    write: async (u: string, key: string, image: StoredImage): Promise<'written' | 'unwritable' | 'failed'> => {
      const pixgate = serialize(image);
      if (pixgate.length > MAX_METADATA_BYTES) return 'unwritable';
      const written = await tryWrite(async () => {
        const { s3, sdk } = await open();
        await s3.send(
          new sdk.PutObjectCommand({
            Bucket: bucket,
            Key: keyOf(u, key),
            Body: image.data,
            ContentType: image.type,
            Metadata: { pixgate },
          }),
          { abortSignal: AbortSignal.timeout(WRITE_TIMEOUT) },
        );
        return 'written' as const;
      });
      return written ?? 'failed';
    },
  };
}
