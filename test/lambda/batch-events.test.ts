/** The events of the batch function, in the shapes that AWS documents. */
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import {
  batchOperationsResponse,
  describeError,
  isBatchOperationsEvent,
  isQueueEvent,
  readBody,
  readJobs,
  taskJob,
} from '../../src/lambda/batch-events.ts';

const notification = (key: string, eventName = 'ObjectCreated:Put') => ({
  Records: [
    { eventSource: 'aws:s3', eventName, s3: { bucket: { name: 'photos' }, object: { key, size: 1024, eTag: 'x' } } },
  ],
});
const eventBridge = (key: string, type = 'Object Created') => ({
  version: '0',
  source: 'aws.s3',
  'detail-type': type,
  detail: { version: '0', bucket: { name: 'photos' }, object: { key, size: 5, etag: 'x' }, reason: 'PutObject' },
});

describe('messages', () => {
  test.each<[string, unknown, object[]]>([
    ['ours', { u: 'https://a.example/1.jpg' }, [{ u: 'https://a.example/1.jpg', isNew: false }]],
    [
      'with presets and version',
      { u: 'shop:1.jpg', presets: 'thumb,hero@2x', v: '3' },
      [{ u: 'shop:1.jpg', presets: 'thumb,hero@2x', v: '3', isNew: false }],
    ],
    [
      'a batch of a distributed map',
      { Items: [{ u: 'a.example/1.jpg' }, { u: 'a.example/2.jpg', presets: 'thumb' }] },
      [
        { u: 'a.example/1.jpg', isNew: false },
        { u: 'a.example/2.jpg', presets: 'thumb', isNew: false },
      ],
    ],
    [
      'of S3: keys are encoded as in forms',
      notification('a+b/%C3%BC%2B.jpg'),
      [{ u: 's3://photos/a b/ü+.jpg', isNew: true }],
    ],
    ['of S3, of another kind', notification('a.jpg', 'ObjectRemoved:Delete'), []],
    ['of S3, when it is set up', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'photos' }, []],
    [
      'of EventBridge: keys are not encoded',
      eventBridge('a+b%20 c.jpg'),
      [{ u: 's3://photos/a+b%20 c.jpg', isNew: true }],
    ],
    ['of EventBridge, of another kind', eventBridge('a.jpg', 'Object Deleted'), []],
  ])('%s', (_, message, jobs) => {
    expect(readJobs(message)).toEqual(jobs);
    expect(readBody(JSON.stringify(message))).toEqual(jobs);
  });

  test.each([
    ['not JSON', '{"u":', 'is not JSON'],
    ['no object', '[]', 'must be a JSON object'],
    ['no source', '{}', 'must have the URL of a source in u'],
    ['a list of presets', '{"u":"a","presets":["thumb"]}', 'presets and v are strings'],
    ['an unknown field', '{"u":"a","preset":"thumb"}', 'may have the fields u, presets, v, and no other'],
    ['no key', '{"source":"aws.s3","detail-type":"Object Created","detail":{}}', 'has no bucket and key'],
    ['a key that is not encoded', JSON.stringify(notification('%')), 'not percent-encoded UTF-8'],
    ['nothing', 'null', 'must be a JSON object'],
  ])('%s is refused', (_, body, reason) => {
    const error = (() => {
      try {
        return readBody(body);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'QUERY_INVALID', message: expect.stringContaining(reason) });
  });

  test('an event of a queue is told from one of S3', () => {
    expect(isQueueEvent({ Records: [{ eventSource: 'aws:sqs', messageId: '1', body: '{}' }] })).toBe(true);
    for (const event of [notification('a'), { Records: [] }, {}, null, [], 'aws:sqs'])
      expect(isQueueEvent(event)).toBe(false);
  });
});

describe('S3 Batch Operations', () => {
  const common = { invocationId: 'id', job: { id: 'job' } };
  const one = {
    ...common,
    invocationSchemaVersion: '1.0',
    tasks: [{ taskId: 't', s3Key: 'a%20b%2Bc.jpg', s3VersionId: null, s3BucketArn: 'arn:aws:s3:::photos' }],
  };
  const two = {
    ...common,
    invocationSchemaVersion: '2.0',
    job: { id: 'job', userArguments: { presets: 'thumb' } },
    tasks: [{ taskId: 't', s3Key: 'a.jpg', s3VersionId: null, s3Bucket: 'photos' }],
  };
  const jobOf = (event: typeof one | typeof two) => taskJob(event.tasks[0] as never, event as never);

  test('tasks of both schemas', () => {
    expect([isBatchOperationsEvent(one), isBatchOperationsEvent(two)]).toEqual([true, true]);
    expect(isBatchOperationsEvent({ Records: [] })).toBe(false);
    expect(jobOf(one)).toEqual({ u: 's3://photos/a b+c.jpg', isNew: false });
    expect(jobOf(two)).toEqual({ u: 's3://photos/a.jpg', presets: 'thumb', isNew: false });
  });

  test('a failure that may pass is temporary, and what is wrong with an image is not; a bug shows no text', () => {
    const results = [
      { status: 'fulfilled' as const, value: { written: 2 } },
      { status: 'rejected' as const, reason: new ImageError('SOURCE_NOT_FOUND', `gone${'.'.repeat(2000)}`) },
      { status: 'rejected' as const, reason: new ImageError('SOURCE_TIMEOUT', 'slow') },
      { status: 'rejected' as const, reason: new Error('hush') },
    ];
    const tasks = results.map((_, i) => ({ taskId: `${i}`, s3Key: 'a', s3Bucket: 'b' }));
    const response = batchOperationsResponse({ ...two, tasks }, results);
    expect(response).toMatchObject({
      invocationSchemaVersion: '2.0',
      invocationId: 'id',
      treatMissingKeysAs: 'PermanentFailure',
    });
    expect(response.results.map(({ taskId, resultCode }) => [taskId, resultCode])).toEqual([
      ['0', 'Succeeded'],
      ['1', 'PermanentFailure'],
      ['2', 'TemporaryFailure'],
      ['3', 'TemporaryFailure'],
    ]);
    expect(response.results.map(({ resultString }) => resultString.length <= 1024)).not.toContain(false);
    expect(response.results[0]?.resultString).toBe('{"written":2}');
    expect(JSON.stringify(response)).not.toContain('hush');
    expect(describeError(new Error('hush'))).toContain('see the log');
  });
});
