/** The batch function: S3 and SQS of moto, named by MOTO_SERVER. What it writes is what requests read. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handler.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { createBatchHandler, startBatch } from '../../src/lambda/batch-handler.ts';
import { invokeStreaming, type Streaming } from '../awslambda.ts';
import { startOrigin } from '../origin.ts';
import { context, events, KEY, testConfig, testHandler, toReply } from '../requests.ts';
import { checkForSecrets } from '../secrets.ts';
import { hasMoto, startMoto } from './moto.ts';

const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url));
const ENV = {
  RESULT_BUCKET: 'results',
  SOURCE_ALLOWED_BUCKETS: 'photos',
  PRESETS: 'thumb=w=80&h=80&fit=cover;hero=w=240',
  BATCH_RESPONSES: 'buffered',
  AVIF_AUTO: 'on',
};
const ACCEPTS = ['*/*', 'image/webp,*/*', 'image/avif,image/webp,*/*'];
const MAX_RECEIVES = 3;

describe.skipIf(!hasMoto)('batch', () => {
  let moto: ChildProcess;
  let s3: S3Client;
  let sqs: SQSClient;
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let queue = '';
  let deadLetters = '';
  let lines: Record<string, unknown>[] = [];
  const batch = (env: Record<string, string> = {}) =>
    createBatchHandler(testConfig({ ...ENV, ...env }), {
      log: (line) => {
        checkForSecrets(line);
        lines.push(JSON.parse(line));
      },
    });
  const put = (Key: string, Body: Buffer | string = photo) =>
    s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }));
  const stored = async () => (await s3.send(new ListObjectsV2Command({ Bucket: 'results' }))).Contents ?? [];

  beforeAll(async () => {
    moto = await startMoto();
    s3 = new S3Client({});
    sqs = new SQSClient({});
    for (const Bucket of ['photos', 'results']) await s3.send(new CreateBucketCommand({ Bucket }));
    const create = async (QueueName: string, Attributes: Record<string, string>) =>
      (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    deadLetters = await create('dead', {});
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
    );
    const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: MAX_RECEIVES };
    queue = await create('batch', { VisibilityTimeout: '0', RedrivePolicy: JSON.stringify(redrive) });
    origin = await startOrigin({ '/a.jpg': { body: photo } });
  });
  afterAll(async () => {
    moto.kill();
    await origin.close();
  });
  beforeEach(async () => {
    lines = [];
    for (const { Key } of await stored()) await s3.send(new DeleteObjectCommand({ Bucket: 'results', Key }));
  });

  const send = (message: object | string) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: queue,
        MessageBody: typeof message === 'string' ? message : JSON.stringify(message),
      }),
    );
  const receive = async (QueueUrl: string) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 5 }))).Messages ?? [];

  /** Does what Lambda's event source mapping does, until the queue is empty: calls the function, and deletes what it does not report. */
  async function drain(handler: ReturnType<typeof batch>): Promise<void> {
    for (;;) {
      const messages = await receive(queue);
      if (!messages.length) return;
      const Records = messages.map(({ MessageId = '', Body = '' }) => ({
        messageId: MessageId,
        body: Body,
        eventSource: 'aws:sqs',
      }));
      const { batchItemFailures } = (await handler({ Records }, context())) as {
        batchItemFailures: { itemIdentifier: string }[];
      };
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      for (const { MessageId = '', ReceiptHandle } of messages)
        if (!failed.includes(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    }
  }

  /** Requests an image from a new instance, whose own caches are empty. */
  async function visit(query: Record<string, string | number>, accept: string, env: Record<string, string> = {}) {
    const handler = testHandler({ ...ENV, ...env });
    const { status, headers, body } = toReply(
      await handler(events.functionUrl({ k: KEY, ...query }, { accept }), context()),
    );
    return { status, type: headers['content-type'], cache: cacheOf(headers), etag: headers.etag, body };
  }
  const cacheOf = (headers: Record<string, string>) => /cache;desc=(\w+)/.exec(headers['server-timing'] ?? '')?.[1];

  test('a notification of S3 through the queue: the first visitor of each format gets a hit', async () => {
    const key = 'new photos/ü+1.jpg';
    await put(key);
    await send({
      Records: [
        {
          eventSource: 'aws:s3',
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: 'photos' }, object: { key: encodeURIComponent(key).replaceAll('%20', '+') } },
        },
      ],
    });
    await drain(batch());
    expect(await stored()).toHaveLength(2 * ACCEPTS.length);
    expect(lines).toMatchObject([{ level: 'INFO', host: 'photos', written: 6, fresh: 0, uncacheable: 0 }]);
    const types = [];
    for (const accept of ACCEPTS) {
      const u = `s3://photos/${key}`;
      const reply = await visit({ u, p: 'thumb' }, accept);
      types.push(reply.type);
      expect(reply).toMatchObject({ status: 200, cache: 'bucket' });
      expect(await sharp(reply.body).metadata()).toMatchObject({ width: 80, height: 80 });
      // The parameters of the preset, written out: the same image.
      expect((await visit({ u, w: 240 }, accept)).cache).toBe('bucket');
      // What a miss would have returned.
      const missed = await visit({ u, p: 'thumb' }, accept, { RESULT_BUCKET: '' });
      expect([missed.cache, missed.etag, missed.body.equals(reply.body)]).toEqual(['miss', reply.etag, true]);
    }
    expect(types).toEqual(['image/jpeg', 'image/webp', 'image/avif']);
    expect((await visit({ u: `s3://photos/${key}`, w: 81 }, ACCEPTS[0] ?? '')).cache).toBe('miss');
  });

  test('a notification that S3 itself sends to the queue', async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['QueueArn'] }),
    );
    const QueueConfigurations = [{ QueueArn: Attributes?.QueueArn ?? '', Events: ['s3:ObjectCreated:*' as const] }];
    const set = (NotificationConfiguration: object) =>
      s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'photos', NotificationConfiguration }));
    await set({ QueueConfigurations });
    await put('sent by/S3+.jpg');
    await set({});
    await drain(batch());
    expect((await visit({ u: 's3://photos/sent by/S3+.jpg', p: 'hero' }, 'image/webp')).cache).toBe('bucket');
  });

  test('a source over HTTP, with a version, presets and a pixel ratio of the message; a second message renders nothing', async () => {
    const u = `${origin.url}/a.jpg`;
    const before = origin.hits.get('/a.jpg') ?? 0;
    await send({ u, presets: 'thumb@2x', v: '7' });
    const handler = batch();
    await drain(handler);
    expect((await visit({ u, p: 'thumb', dpr: 2, v: 7 }, 'image/webp')).cache).toBe('bucket');
    await send({ u, presets: 'thumb@2x', v: '7' });
    await drain(handler);
    expect(lines.map(({ written, fresh }) => [written, fresh])).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect((origin.hits.get('/a.jpg') ?? 0) - before).toBe(1);
  });

  test('an object that is replaced is rendered again, also by the same instance; one that is not is only revalidated', async () => {
    const created = {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: 'photos' }, object: { key: 'b.jpg' } },
    };
    const handler = batch({ BATCH_PRESETS: 'hero' });
    await put('b.jpg');
    await handler(created, context());
    const before = await visit({ u: 's3://photos/b.jpg', p: 'hero' }, '*/*');
    await handler(created, context());
    expect((await visit({ u: 's3://photos/b.jpg', p: 'hero' }, '*/*')).etag).toBe(before.etag);
    await put('b.jpg', await sharp(photo).flop().jpeg().toBuffer());
    await handler(created, context());
    const after = await visit({ u: 's3://photos/b.jpg', p: 'hero' }, '*/*');
    expect([before.cache, after.cache]).toEqual(['bucket', 'bucket']);
    expect(after.etag).not.toBe(before.etag);
    expect(after.body.equals(before.body)).toBe(false);
  });

  test('a poison message ends in the dead-letter queue, and the others are done', async () => {
    await put('good.jpg');
    await put('corrupt.jpg', Buffer.concat([photo.subarray(0, 400), Buffer.alloc(5000, 7)]));
    const poison = [
      '{"u":',
      { u: 'http://169.254.169.254/latest/meta-data/' },
      { u: 's3://photos/missing.jpg' },
      { u: 's3://photos/corrupt.jpg' },
      { u: 's3://photos/good.jpg', presets: 'nope' },
    ];
    for (const message of poison) await send(message);
    await send({ u: 's3://photos/good.jpg' });
    await drain(batch());
    expect((await visit({ u: 's3://photos/good.jpg', p: 'thumb' }, 'image/webp')).cache).toBe('bucket');
    const dead: string[] = [];
    for (let messages = await receive(deadLetters); messages.length; messages = await receive(deadLetters))
      for (const { Body = '', ReceiptHandle } of messages) {
        dead.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle }));
      }
    expect(dead.sort()).toEqual(poison.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).sort());
    expect(lines.filter(({ level }) => level === 'WARN')).toHaveLength(poison.length * MAX_RECEIVES);
    expect(lines.filter(({ level }) => level === 'INFO')).toHaveLength(1);
    expect([...new Set(lines.map(({ code }) => code))].sort()).toEqual([
      'IMAGE_CORRUPT',
      'QUERY_INVALID',
      'SOURCE_FORBIDDEN',
      'SOURCE_NOT_FOUND',
      undefined,
    ]);
  });

  test('S3 Batch Operations: a result for each task', async () => {
    await put('task.jpg');
    const task = (taskId: string, s3Key: string) => ({ taskId, s3Key, s3VersionId: null, s3Bucket: 'photos' });
    const response = await batch()(
      {
        invocationSchemaVersion: '2.0',
        invocationId: 'id',
        job: { id: 'job', userArguments: { presets: 'thumb' } },
        tasks: [task('1', 'task.jpg'), task('2', 'nothing.jpg')],
      },
      context(),
    );
    expect(response).toEqual({
      invocationSchemaVersion: '2.0',
      treatMissingKeysAs: 'PermanentFailure',
      invocationId: 'id',
      results: [
        { taskId: '1', resultCode: 'Succeeded', resultString: '{"written":3,"fresh":0,"uncacheable":0}' },
        { taskId: '2', resultCode: 'PermanentFailure', resultString: expect.stringMatching(/^SOURCE_NOT_FOUND: /) },
      ],
    });
    expect((await visit({ u: 's3://photos/task.jpg', p: 'thumb' }, 'image/webp')).cache).toBe('bucket');
  });

  test('Step Functions: a batch of items, whose failure fails the invocation', async () => {
    await put('item.jpg');
    const items = (...keys: string[]) => ({
      Items: keys.map((key) => ({ u: `s3://photos/${key}`, presets: 'thumb' })),
    });
    await expect(batch()(items('item.jpg', 'nothing.jpg'), context())).rejects.toMatchObject({
      name: 'BatchError',
      message: expect.stringMatching(/^1 of 2 failed\. SOURCE_NOT_FOUND: /),
    });
    expect(await batch()(items('item.jpg'), context())).toEqual({ written: 0, fresh: 3, uncacheable: 0 });
  });

  test('images of a streaming entry point have keys of their own', async () => {
    await put('streamed.jpg');
    await batch({ BATCH_RESPONSES: 'both', BATCH_PRESETS: 'thumb' })({ u: 's3://photos/streamed.jpg' }, context());
    expect(await stored()).toHaveLength(2 * ACCEPTS.length);
    const handler = createHandler(testConfig(ENV), { log: () => {}, streaming: executionModeStreamifyResponse });
    const event: HttpEvent = events.functionUrl({ k: KEY, u: 's3://photos/streamed.jpg', p: 'thumb' });
    const { headers } = await invokeStreaming(handler as unknown as Streaming, event, context());
    expect(cacheOf(headers)).toBe('bucket');
    expect((await visit({ u: 's3://photos/streamed.jpg', p: 'thumb' }, '*/*')).cache).toBe('bucket');
  });

  test('headers for origins: those of the keys that may use them', async () => {
    const host = new URL(origin.url).host;
    origin.set('/secret.jpg', { body: photo });
    const SOURCE_HEADERS = JSON.stringify({ [`http://${host}`]: { Authorization: 'Bearer x' } });
    const API_KEYS = JSON.stringify([{ id: 'shop', mode: 'plain', sha256: sha256(KEY), sources: [host] }]);
    const env = { SOURCE_HEADERS, API_KEYS };
    await batch(env)({ u: `${origin.url}/secret.jpg` }, context());
    expect(origin.requests.at(-1)?.headers.authorization).toBe('Bearer x');
    expect((await visit({ u: `${origin.url}/secret.jpg`, p: 'thumb' }, '*/*', env)).cache).toBe('bucket');
  });

  test('what must not be stored is not, and is no failure; what may be better soon is tried again', async () => {
    origin.set('/private.jpg', { body: photo, headers: { 'cache-control': 'private' } });
    expect(await batch()({ u: `${origin.url}/private.jpg`, presets: 'thumb' }, context())).toEqual({
      written: 0,
      fresh: 0,
      uncacheable: 3,
    });
    await put('uploading.jpg', photo.subarray(0, photo.length / 2));
    await expect(batch()({ u: 's3://photos/uploading.jpg' }, context())).rejects.toThrow('SOURCE_UNAVAILABLE');
    // No time is left: nothing is begun, and the message comes back.
    await expect(batch()({ u: 's3://photos/good.jpg' }, context(500))).rejects.toThrow('SOURCE_TIMEOUT');
    await expect(batch({ RESULT_BUCKET: 'nowhere' })({ u: `${origin.url}/a.jpg` }, context())).rejects.toThrow(
      'OVERLOADED',
    );
    expect(await stored()).toEqual([]);
  });

  test('pixgate warm: the images of a folder by the queue, of which a further run sends none', async () => {
    const keys = Array.from({ length: 12 }, (_, i) => `shop/${i} &+.jpg`);
    for (const key of [...keys, 'shop/notes.txt', 'other/1.jpg']) await put(key);
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-warm-'));
    try {
      const cli = (...more: string[]) =>
        promisify(execFile)(
          process.execPath,
          [CLI, 'warm', '--preset', 'thumb', '--from', 's3://photos/shop/', '--queue', queue, ...more],
          { cwd: folder },
        );
      expect((await cli('--dry-run')).stdout).toContain('12 sources, 24 images of 1 preset(s) in 2 formats');
      expect((await cli()).stdout).toBe('12 of 12 sources sent, 0 done before\n');
      expect((await cli()).stdout).toBe('0 of 12 sources sent, 12 done before\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
    await drain(batch());
    expect(lines.map(({ written }) => written)).toEqual(keys.map(() => ACCEPTS.length));
    for (const key of [keys[0], keys[11]])
      expect((await visit({ u: `s3://photos/${key}`, p: 'thumb' }, 'image/webp')).cache).toBe('bucket');
  });

  test('it starts without the permission to read the keys, and reads the headers for origins', async () => {
    const env = { ...ENV, API_KEYS_SSM: '/not/there' };
    await expect(startBatch(env)).resolves.toBeInstanceOf(Function);
    await expect(startBatch({ ...env, SOURCE_HEADERS_SSM: '/not/there' })).rejects.toThrow();
    await expect(startBatch({ ...env, BATCH_PRESETS: 'nope' })).rejects.toThrow('BATCH_PRESETS may not have nope');
  });

  test('it does not start without a shared cache', () =>
    expect(() => batch({ RESULT_BUCKET: '' })).toThrow('RESULT_BUCKET'));
});
