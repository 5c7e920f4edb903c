/** `u=s3://bucket/key` against a real S3 server: moto's, from PyPI, named by MOTO_SERVER. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodePixels } from '../pixels.ts';
import { codeOf, context, events, KEY, testHandler, toReply } from '../requests.ts';
import { hasMoto, startMoto } from './moto.ts';

const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
describe.skipIf(!hasMoto)('s3', () => {
  let moto: ChildProcess;
  const handler = testHandler({ SOURCE_ALLOWED_BUCKETS: 'photos,locked,nowhere', SOURCE_MAX_BYTES: '500000' });
  const ask = async (u: string, more: object = {}) =>
    toReply(await handler(events.functionUrl({ k: KEY, w: 64, u, ...more }), context()));

  beforeAll(async () => {
    moto = await startMoto();
    const client = new S3Client({});
    await client.send(new CreateBucketCommand({ Bucket: 'photos' }));
    const files = {
      'a.jpg': photo,
      'sub dir/ü+%20&?#.jpg': photo,
      'page.html': '<!doctype html>',
      'large.jpg': Buffer.concat([photo, Buffer.alloc(500_000)]),
      empty: Buffer.alloc(0),
    };
    const put = (Key: string, Body: Buffer | string, more: Partial<PutObjectCommandInput> = {}) =>
      client.send(new PutObjectCommand({ Bucket: 'photos', Key, Body, ...more }));
    for (const [key, body] of Object.entries(files)) await put(key, body, { CacheControl: 'private, max-age=60' });
    await put('packed.jpg', gzipSync(photo), { ContentEncoding: 'gzip' });
    await put('bomb.jpg', gzipSync(files['large.jpg']), { ContentEncoding: 'gzip' });
    await put('br.jpg', photo, { ContentEncoding: 'br' });
    await put('base64.jpg', photo, { ContentEncoding: 'base64' });
  });
  afterAll(() => void moto.kill());

  test.each([
    's3://photos/a.jpg',
    's3://photos/sub dir/ü+%20&?#.jpg',
    's3://photos/packed.jpg',
    's3://photos/base64.jpg',
  ])('%s', async (u) => {
    const reply = await ask(u, { f: 'webp' });
    expect(reply.status, reply.body.toString()).toBe(200);
    expect(await decodePixels(reply.body)).toMatchObject({ type: 'image/webp', width: 64, height: 48 });
  });

  test('a conditional request revalidates the object in the bucket', async () => {
    const first = await ask('s3://photos/a.jpg');
    expect(first.headers.etag).toMatch(/^W\/"[\w-]{22}\.[\w-]+"$/);
    const query = events.functionUrl(
      { k: KEY, w: 64, u: 's3://photos/a.jpg' },
      { 'if-none-match': first.headers.etag ?? '' },
    );
    const cold = testHandler({ SOURCE_ALLOWED_BUCKETS: 'photos' });
    const reply = toReply(await cold(query, context()));
    expect([reply.status, reply.headers['server-timing']]).toEqual([304, 'cache;desc=revalidated']);
    for (const name of ['etag', 'cache-control', 'last-modified'])
      expect(reply.headers[name], name).toBe(first.headers[name]);
    expect(first.headers['cache-control']).toBe('private, max-age=60');
  });

  test('a version of an object', async () => {
    const client = new S3Client({});
    const Bucket = 'photos';
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'v.jpg', Body: photo }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'v.jpg', Body: '<!doctype html>' }));
    expect((await ask('s3://photos/v.jpg')).status).toBe(415);
    expect((await ask(`s3://photos/v.jpg?versionId=${VersionId}`)).status).toBe(200);
    const none = await ask('s3://photos/v.jpg?versionId=00000000-0000-4000-8000-000000000000');
    expect([none.status, codeOf(none)]).toEqual([404, 'SOURCE_NOT_FOUND']);
  });

  test('a folder of a bucket', async () => {
    const inFolder = testHandler({ SOURCE_ALLOWED_BUCKETS: 'photos/sub dir', SOURCE_BASES: 'sub=s3://photos/raw' });
    const status = async (u: string) =>
      toReply(await inFolder(events.functionUrl({ k: KEY, w: 64, u }), context())).status;
    expect(await status('s3://photos/sub dir/ü+%20&?#.jpg')).toBe(200);
    expect(await status('s3://photos/a.jpg')).toBe(403);
    expect(await status('s3://photos/sub dir/../a.jpg')).toBe(403);
    expect(await status('sub:none.jpg')).toBe(404);
  });

  test.each([
    ['a missing key', 's3://photos/none.jpg', 404, 'SOURCE_NOT_FOUND'],
    ['a missing bucket', 's3://nowhere/a.jpg', 404, 'SOURCE_NOT_FOUND'],
    ['a bucket that is not allowed', 's3://others/a.jpg', 403, 'SOURCE_FORBIDDEN'],
    ['an HTML page', 's3://photos/page.html', 415, 'SOURCE_UNSUPPORTED'],
    ['too many bytes', 's3://photos/large.jpg', 413, 'SOURCE_TOO_LARGE'],
    ['too many bytes in gzip', 's3://photos/bomb.jpg', 413, 'SOURCE_TOO_LARGE'],
    ['another encoding', 's3://photos/br.jpg', 502, 'SOURCE_UNAVAILABLE'],
    ['an empty object', 's3://photos/empty', 502, 'SOURCE_UNAVAILABLE'],
    ['no key', 's3://photos/', 400, 'QUERY_INVALID'],
  ])('%s', async (_what, u, status, code) => {
    const reply = await ask(u);
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
  });

  test('a bucket without read permission', async () => {
    // From here on the server checks credentials, and accepts none.
    await fetch(`${process.env.AWS_ENDPOINT_URL}/moto-api/reset-auth`, { method: 'POST', body: '0' });
    const reply = await ask('s3://photos/b.jpg');
    expect([reply.status, codeOf(reply)]).toEqual([403, 'SOURCE_FORBIDDEN']);
  });

  test('an unreachable server', async () => {
    moto.kill('SIGKILL');
    const reply = await ask('s3://photos/c.jpg');
    expect([reply.status, codeOf(reply)]).toEqual([502, 'SOURCE_UNAVAILABLE']);
  });
});
