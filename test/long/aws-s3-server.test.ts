/** `u=s3://bucket/key` from another server with the API of S3: gofakes3, at the path S3_SERVER, by endpoint and path style. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../ports.ts';
import { codeOf, context, events, KEY, testHandler, toReply } from '../requests.ts';

const { S3_SERVER } = process.env;
if (!S3_SERVER)
  console.log(
    'SKIPPED: the tests against another S3 server need S3_SERVER, the path of gofakes3 (go install github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0)',
  );

const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));

describe.skipIf(!S3_SERVER)('another S3 server', () => {
  let server: ChildProcess;
  let settings: Record<string, string>;
  let client: S3Client;
  let versionId: string | undefined;
  const ask = async (u: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const handler = testHandler({ ...settings, ...more });
    return toReply(await handler(events.functionUrl({ k: KEY, w: 64, u }, headers), context()));
  };
  const put = (Key: string, Body: Buffer | string, more: Partial<PutObjectCommandInput> = {}) =>
    client.send(new PutObjectCommand({ Bucket: 'photos', Key, Body, ...more }));

  beforeAll(async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    server = spawn(S3_SERVER ?? '', ['-backend', 'memory', '-host', `127.0.0.1:${port}`], { stdio: 'ignore' });
    settings = {
      SOURCE_ALLOWED_BUCKETS: 'photos,nowhere',
      SOURCE_S3_ENDPOINT: endpoint,
      SOURCE_S3_REGION: 'auto',
      SOURCE_S3_PATH_STYLE: 'on',
      SOURCE_S3_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      SOURCE_S3_SECRET_ACCESS_KEY: 'hush-hush',
    };
    const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
    client = new S3Client({ endpoint, region: 'auto', forcePathStyle: true, credentials });
    const create = () => client.send(new CreateBucketCommand({ Bucket: 'photos' }));
    await vi.waitFor(create, { timeout: 30_000, interval: 300 });
    await client.send(
      new PutBucketVersioningCommand({ Bucket: 'photos', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    ({ VersionId: versionId } = await put('v.jpg', photo));
    await put('v.jpg', '<!doctype html>');
    for (const key of ['a.jpg', 'raw/sub dir/ü+%20.jpg']) await put(key, photo);
  });
  afterAll(() => void server?.kill());

  test.each(['s3://photos/a.jpg', 's3://photos/raw/sub dir/ü+%20.jpg'])('%s', async (u) => {
    const reply = await ask(u);
    expect(reply.status, reply.body.toString()).toBe(200);
  });

  test('a short source', async () => {
    const bases = { SOURCE_BASES: 'raw=s3://photos/raw', SOURCE_ALLOWED_BUCKETS: '' };
    expect((await ask('raw:sub dir/ü+%20.jpg', bases)).status).toBe(200);
    expect((await ask('raw:../a.jpg', bases)).status).toBe(400);
    expect((await ask('s3://photos/a.jpg', bases)).status).toBe(403);
  });

  test('a version', async () => {
    expect(versionId).toBeTruthy();
    expect((await ask('s3://photos/v.jpg')).status).toBe(415);
    expect((await ask(`s3://photos/v.jpg?versionId=${versionId}`)).status).toBe(200);
  });

  test('its ETag is the validator of a conditional request', async () => {
    const { headers } = await ask('s3://photos/a.jpg');
    const reply = await ask('s3://photos/a.jpg', {}, { 'if-none-match': headers.etag ?? '' });
    expect([reply.status, reply.headers['server-timing']]).toEqual([304, 'cache;desc=revalidated']);
    expect(reply.headers['last-modified']).toBe(headers['last-modified']);
  });

  test.each([
    ['s3://photos/none.jpg', 404, 'SOURCE_NOT_FOUND'],
    ['s3://nowhere/a.jpg', 404, 'SOURCE_NOT_FOUND'],
    ['s3://others/a.jpg', 403, 'SOURCE_FORBIDDEN'],
  ])('%s: %i', async (u, status, code) => {
    const reply = await ask(u);
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
  });
});
