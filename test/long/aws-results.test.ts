/** The shared cache (RESULT_BUCKET) and purging, against a real S3 server. */
import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { CloudFrontClient, CreateDistributionCommand, ListInvalidationsCommand } from '@aws-sdk/client-cloudfront';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sourceTag } from '../../src/http/headers.ts';
import { type Route, startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { context, events, KEY, type Reply, testHandler, toReply } from '../requests.ts';
import { hasMoto, startMoto } from './moto.ts';

const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
const cacheOf = ({ headers }: Reply) => /cache;desc=(\w+)/.exec(headers['server-timing'] ?? '')?.[1];
const run = promisify(execFile);

describe.skipIf(!hasMoto)('the shared cache in S3', () => {
  let moto: ChildProcess;
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let client: S3Client;
  let other: Buffer;
  beforeAll(async () => {
    moto = await startMoto();
    client = new S3Client({});
    await client.send(new CreateBucketCommand({ Bucket: 'results' }));
    origin = await startOrigin();
    other = await sharp(photo).flop().jpeg().toBuffer();
  });
  afterAll(async () => {
    moto.kill();
    await origin.close();
  });
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());
  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

  /** Creates another instance, with empty caches. */
  const instance = (more = {}) =>
    testHandler({ RESULT_BUCKET: 'results', SOURCE_IDLE_TIMEOUT: '500', RESULT_STALE_WHILE_REVALIDATE: '0', ...more });
  const ask = async (handler: ReturnType<typeof testHandler>, path: string, more: object = {}, headers = {}) =>
    toReply(await handler(events.functionUrl({ k: KEY, u: origin.url + path, w: 80, ...more }, headers), context()));
  const keys = async () => (await client.send(new ListObjectsV2Command({ Bucket: 'results' }))).Contents ?? [];
  const written = async (count: number) =>
    vi.waitFor(async () => expect((await keys()).length).toBe(count), { timeout: 5000, interval: 50 });

  const route = (version: string, body: Buffer): Route => ({
    body,
    revalidates: true,
    headers: { etag: `"${version}"`, 'cache-control': 'max-age=60', 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' },
  });
  let next = 0;
  async function filled() {
    const path = `/${next++}.jpg`;
    origin.set(path, route('v1', photo));
    const before = (await keys()).length;
    const first = await ask(instance(), path);
    expect([first.status, cacheOf(first)]).toEqual([200, 'miss']);
    await written(before + 1);
    return { path, first };
  }

  test('another instance returns its images with the same headers, without a request to the origin', async () => {
    const { path, first } = await filled();
    later(30);
    const handler = instance();
    const reply = await ask(handler, path);
    expect([cacheOf(reply), origin.hits.get(path)]).toEqual(['bucket', 1]);
    expect(reply.body.equals(first.body)).toBe(true);
    for (const name of ['etag', 'cache-control', 'content-type', 'last-modified', 'vary', 'cache-tag'])
      expect(reply.headers[name], name).toBe(first.headers[name]);
    expect(reply.headers.age).toBe('30');
    // The instance caches it in memory.
    expect(cacheOf(await ask(handler, path))).toBe('hit');
  });

  test.each<[string, () => Route, number, string | undefined]>([
    ['unchanged', () => route('v1', photo), 200, 'revalidated'],
    ['changed', () => route('v2', other), 200, 'miss'],
    ['gone', () => ({ status: 404 }), 404, undefined],
    ['slow', () => ({ framing: 'silent' }), 200, 'stale'],
    ['broken', () => ({ status: 500 }), 200, 'stale'],
  ])('stale, and its source %s', async (_what, then, status, cache) => {
    const { path } = await filled();
    origin.set(path, then());
    later(61);
    const reply = await ask(instance(), path);
    expect([reply.status, cacheOf(reply), origin.hits.get(path)]).toEqual([status, cache, 2]);
  });

  test('an image that came through a redirect is refused to a key whose sources do not allow it', async () => {
    const elsewhere = await startOrigin({ '/photo.jpg': route('v1', photo) });
    const host = (url: string) => new URL(url).host;
    const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
    const API_KEYS = JSON.stringify([
      { id: 'any', sha256: sha256('any') },
      { id: 'both', sha256: sha256('both'), sources: [host(origin.url), host(elsewhere.url)] },
      { id: 'one', sha256: sha256('one'), sources: [host(origin.url)] },
    ]);
    const before = (await keys()).length;
    origin.set('/away.jpg', { status: 302, headers: { location: `${elsewhere.url}/photo.jpg` } });
    expect((await ask(instance({ API_KEYS }), '/away.jpg', { k: 'any' })).status).toBe(200);
    await written(before + 1);
    expect((await ask(instance({ API_KEYS }), '/away.jpg', { k: 'one' })).status).toBe(403);
    expect(cacheOf(await ask(instance({ API_KEYS }), '/away.jpg', { k: 'both' }))).toBe('bucket');
    await elsewhere.close();
  });

  test('a private image is not written', async () => {
    const before = (await keys()).length;
    origin.set('/private.jpg', { body: photo, headers: { 'cache-control': 'private, max-age=60' } });
    await ask(instance(), '/private.jpg');
    const { path } = await filled();
    expect((await keys()).length).toBe(before + 1);
    expect(path).toBeTruthy();
  });

  test('text is read back unchanged', async () => {
    const { path } = await filled();
    const before = (await keys()).length;
    const hash = await ask(instance(), path, { f: 'blurhash' });
    await written(before + 1);
    const again = await ask(instance(), path, { f: 'blurhash' });
    expect([cacheOf(again), again.body.toString()]).toEqual(['bucket', hash.body.toString()]);
  });

  test('objects contain neither key nor query', async () => {
    await filled();
    for (const { Key } of await keys()) {
      expect(Key).toMatch(/^pixgate\/u-[\w-]{16}\/[\w-]{43}$/);
      const { Metadata } = await client.send(new GetObjectCommand({ Bucket: 'results', Key }));
      const text = Buffer.from(Metadata?.pixgate ?? '', 'base64url').toString();
      expect(text).toContain('"validator"');
      expect(text).not.toContain(KEY);
      // Of redirects the hosts only.
      expect(text.replace(/"redirects":\[(?:"https?:\/\/[\w.:]+",?)*\]/, '')).not.toContain('http');
    }
  });

  test('a missing bucket only costs time', async () => {
    origin.set('/nowhere.jpg', { body: photo });
    const reply = await ask(instance({ RESULT_BUCKET: 'not-there' }), '/nowhere.jpg');
    expect([reply.status, cacheOf(reply), (await decodePixels(reply.body)).width]).toEqual([200, 'miss', 80]);
  });

  test('an invalid object is a miss, and does not affect others', async () => {
    const { path } = await filled();
    const { path: other } = await filled();
    for (const { Key } of (await keys()).filter(({ Key: key }) => key?.includes(sourceTag(origin.url + path))))
      for (const pixgate of ['e30', 'bm9uc2Vuc2U', '']) {
        await client.send(new PutObjectCommand({ Bucket: 'results', Key, Body: 'x', Metadata: { pixgate } }));
        expect(cacheOf(await ask(instance(), path))).toBe('miss');
        const handler = instance();
        await ask(handler, path);
        expect(cacheOf(await ask(handler, other))).toBe('bucket');
      }
  });

  test('a deployment with another fetch policy does not serve an image that it may not fetch', async () => {
    const { path } = await filled();
    const strict = testHandler({ RESULT_BUCKET: 'results', SOURCE_ALLOWED_HOSTS: 'example.com' });
    expect((await ask(strict, path)).status).toBe(403);
  });

  test('long headers of an origin do not disable the shared cache', async () => {
    origin.set('/long.jpg', { body: photo, headers: { 'cache-control': 'max-age=60', vary: 'x, '.repeat(800) } });
    const { path } = await filled();
    const handler = instance();
    expect((await ask(handler, '/long.jpg')).status).toBe(200);
    expect(cacheOf(await ask(handler, path))).toBe('bucket');
  });

  test('purge deletes the objects and invalidates the CDN', async () => {
    const { path } = await filled();
    const { path: otherPath } = await filled();
    const distribution = await new CloudFrontClient({}).send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: 'test',
          Comment: '',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 'a',
                DomainName: 'a.example.com',
                CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
              },
            ],
          },
          DefaultCacheBehavior: {
            TargetOriginId: 'a',
            ViewerProtocolPolicy: 'https-only',
            ForwardedValues: { QueryString: true, Cookies: { Forward: 'none' } },
            MinTTL: 0,
          },
        },
      }),
    );
    const id = distribution.Distribution?.Id ?? '';
    const args = ['src/cli/purge.ts', origin.url + path, '--distribution', id, '--bucket', 'results'];
    const printed = await run(process.execPath, args);
    expect(printed.stdout).toMatch(
      /^aws cloudfront create-invalidation --distribution-id \w+ --paths '#u-[\w-]{16}'\naws s3 rm/,
    );
    const sent = await run(process.execPath, [...args, '--send']);
    expect(sent.stdout).toMatch(/1 deleted/);
    const { InvalidationList } = await new CloudFrontClient({}).send(
      new ListInvalidationsCommand({ DistributionId: id }),
    );
    expect(InvalidationList?.Items).toHaveLength(1);
    expect(cacheOf(await ask(instance(), path))).toBe('miss');
    expect(cacheOf(await ask(instance(), otherPath))).toBe('bucket');
  });

  test('an unreachable server costs time only once', async () => {
    moto.kill('SIGKILL');
    origin.set('/alone.jpg', { body: photo });
    const handler = instance();
    for (const w of [80, 81, 82]) expect((await ask(handler, '/alone.jpg', { w })).status).toBe(200);
  });
});
