/**
 * A bucket that all instances share: finished pictures, under their source and their identity. It is only ever a help: a
 * bucket that fails costs a moment, and is then left alone for a while. The SDK is loaded with the first picture.
 */
import { createHash } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { sourceTag } from '../http/headers.ts';
import type { StoredImage } from './sources.ts';

/** Milliseconds that a picture may take to be found, and that a bucket which failed is left alone. */
const PATIENCE = 1000;
const PATIENCE_TO_WRITE = 10_000;
const PAUSE = 10_000;

/** What stands in an object, and how: raise it when `Picture` changes, so that older objects are not found. */
const FORM = 2;

/** `pixgate/u-…/…`: all pictures of a source stand together, so that they can be deleted together. */
const objectKey = (u: string, identity: string) =>
  `pixgate/${sourceTag(u)}/${createHash('sha256').update(`${FORM}\n${identity}`).digest('base64url')}`;

/** Bytes of metadata that S3 takes, with room for its name. What an origin says can be longer. */
const MOST_METADATA = 2000;

/** What stands beside the bytes, in ASCII. */
const pack = (picture: StoredImage) => {
  const { data, timings: __, validatedAt: _, ...rest } = picture;
  return Buffer.from(JSON.stringify({ ...rest, text: typeof data === 'string' })).toString('base64url');
};

/** The picture of an object, or undefined where it does not hold one: anybody who may write to the bucket may have. */
function unpack(metadata: string | undefined, data: Buffer): StoredImage | undefined {
  try {
    const { text, ...rest } = JSON.parse(Buffer.from(metadata ?? '', 'base64url').toString());
    const whole =
      typeof rest.type === 'string' &&
      typeof rest.validator === 'string' &&
      typeof rest.headers === 'object' &&
      rest.headers !== null &&
      typeof rest.caching?.receivedAt === 'number';
    return whole ? { ...rest, data: text ? data.toString() : data, validatedAt: 0 } : undefined;
  } catch {
    return undefined;
  }
}

const isMissing = (error: unknown) => (error as { name?: string }).name === 'NoSuchKey';

/** Tries, and after a failure does not for a while. */
function attempts() {
  let pausedUntil = 0;
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (Date.now() < pausedUntil) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!isMissing(error)) pausedUntil = Date.now() + PAUSE;
      return undefined;
    }
  };
}

export function createSharedCache(name: string) {
  let client: Promise<{ s3: S3Client; sdk: typeof import('@aws-sdk/client-s3') }> | undefined;
  const attempt = attempts();
  const attemptToWrite = attempts();
  const open = () => {
    client ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, s3: new sdk.S3Client({ maxAttempts: 1 }) }));
    return client;
  };

  return {
    /** The picture, or undefined: not there, not in time, not readable. */
    read: (u: string, identity: string): Promise<StoredImage | undefined> =>
      attempt(async () => {
        const { s3, sdk } = await open();
        const command = new sdk.GetObjectCommand({ Bucket: name, Key: objectKey(u, identity) });
        const late = AbortSignal.timeout(PATIENCE);
        const { Body, Metadata } = await s3.send(command, { abortSignal: late });
        const chunks: Buffer[] = [];
        for await (const chunk of addAbortSignal(late, Body as Readable)) chunks.push(chunk);
        return unpack(Metadata?.pixgate, Buffer.concat(chunks));
      }),
    /** Begins to write, and does not wait for it. */
    write: (u: string, identity: string, picture: StoredImage): void => {
      const pixgate = pack(picture);
      if (pixgate.length > MOST_METADATA) return;
      // What cannot be written says nothing of what can be read.
      void attemptToWrite(async () => {
        const { s3, sdk } = await open();
        await s3.send(
          new sdk.PutObjectCommand({
            Bucket: name,
            Key: objectKey(u, identity),
            Body: picture.data,
            ContentType: picture.type,
            Metadata: { pixgate },
          }),
          { abortSignal: AbortSignal.timeout(PATIENCE_TO_WRITE) },
        );
      });
    },
  };
}
