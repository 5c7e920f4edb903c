/** How S3 is asked, and what its errors mean, over real sockets: the server records requests, and responds as S3 does. */
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { codeOf, context, events, KEY, testHandler, toReply } from '../requests.ts';

const body = readFileSync(new URL('../../src/dev/samples/cat.webp', import.meta.url));
const ARN = 'arn:aws:s3:ap-south-1:123456789012:accesspoint/photos';
interface S3Response {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Record<string, string>;
}
let requests: IncomingMessage[] = [];
let responses: S3Response[] = [];
const server = http.createServer((request, response) => {
  requests.push(request);
  const { status, code, message = '', headers } = responses.shift() ?? { status: 200 };
  if (status === 200) return void response.writeHead(200, { etag: '"a"', ...headers }).end(body);
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(status === 304 ? '' : xml);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connect = net.Socket.prototype.connect;
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket) {
    return connect.apply(this, [{ host: '127.0.0.1', port }] as never);
  } as typeof connect);
});
afterAll(() => {
  vi.restoreAllMocks();
  server.close().closeAllConnections();
});
beforeEach(() => {
  requests = [];
  responses = [];
});

const SETTINGS = {
  SOURCE_ALLOWED_BUCKETS: `photos,${ARN}`,
  SOURCE_S3_ENDPOINT: 'http://s3.storage.example',
  SOURCE_S3_REGION: 'eu-west-1',
  SOURCE_S3_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  SOURCE_S3_SECRET_ACCESS_KEY: 'hush-hush',
};
const ask = async (u: string, settings: Record<string, string> = {}, headers = {}) => {
  const handler = testHandler({ ...SETTINGS, ...settings });
  return toReply(await handler(events.functionUrl({ k: KEY, w: 32, u }, headers), context()));
};
const asked = () => requests.map(({ method, headers, url }) => `${method} ${headers.host}${url}`);

describe('requests', () => {
  test('the bucket is in the host name, the access key and the region in the signature', async () => {
    expect((await ask('s3://photos/a b.webp')).status).toBe(200);
    expect(asked()).toEqual(['GET photos.s3.storage.example/a%20b.webp?x-id=GetObject']);
    expect(requests[0]?.headers.authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request/);
    expect(requests[0]?.headers).not.toHaveProperty('x-amz-request-payer');
    expect(requests[0]?.headers).not.toHaveProperty('x-amz-checksum-mode');
  });
  test('or in the path', async () => {
    expect((await ask('s3://photos/a.webp', { SOURCE_S3_PATH_STYLE: 'on' })).status).toBe(200);
    expect(asked()).toEqual(['GET s3.storage.example/photos/a.webp?x-id=GetObject']);
  });
  test('a version', async () => {
    expect((await ask('s3://photos/a.webp?versionId=v.1_2')).status).toBe(200);
    expect(asked()).toEqual(['GET photos.s3.storage.example/a.webp?versionId=v.1_2&x-id=GetObject']);
  });
  test('the requester pays, at a revalidation too', async () => {
    const settings = { SOURCE_S3_REQUESTER_PAYS: 'on', MEMORY_MAX_AGE: '0' };
    const { headers } = await ask('s3://photos/a.webp', settings);
    responses = [{ status: 304 }, { status: 200 }];
    const reply = await ask('s3://photos/a.webp', settings, { 'if-none-match': headers.etag });
    expect(reply.status).toBe(304);
    expect(requests.map((request) => request.headers['x-amz-request-payer'])).toEqual([
      'requester',
      'requester',
      'requester',
    ]);
    expect(requests[1]?.headers['if-none-match']).toBe('"a"');
  });
  test('the ARN of an access point, by the region in it', async () => {
    expect((await ask(`s3://${ARN}/a.webp`)).status).toBe(200);
    expect(asked()).toEqual(['GET photos-123456789012.s3.storage.example/a.webp?x-id=GetObject']);
    expect(requests[0]?.headers.authorization).toContain('/ap-south-1/s3/aws4_request');
  });
  test('a bucket in another region is found', async () => {
    responses = [{ status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'us-west-2' } }];
    expect((await ask('s3://photos/a.webp')).status).toBe(200);
    expect(requests.map(({ headers }) => /\/([\w-]+)\/s3\/aws4/.exec(headers.authorization ?? '')?.[1])).toEqual([
      'eu-west-1',
      'us-west-2',
    ]);
  });
});

const NEEDS = 'The bucket does not allow this deployment to read the object: it needs';
const denied = (action: string) =>
  `User: arn:aws:sts::123456789012:assumed-role/Resizer/hush is not authorized to perform: ${action} on resource: &quot;arn:aws:s3:::hush/a&quot; because no identity-based policy allows it`;
test.each<[string, S3Response, string, string]>([
  [
    's3:GetObject',
    { status: 403, code: 'AccessDenied', message: denied('s3:GetObject') },
    'SOURCE_FORBIDDEN',
    `${NEEDS} s3:GetObject for the object.`,
  ],
  [
    's3:ListBucket',
    { status: 403, code: 'AccessDenied', message: denied('s3:ListBucket') },
    'SOURCE_FORBIDDEN',
    `${NEEDS} s3:ListBucket for the bucket: probably there is no such object`,
  ],
  [
    'kms:Decrypt',
    { status: 403, code: 'AccessDenied', message: denied('kms:Decrypt') },
    'SOURCE_FORBIDDEN',
    `${NEEDS} kms:Decrypt for the KMS key of the object.`,
  ],
  [
    'a right that is not named',
    { status: 403, code: 'AccessDenied', message: 'Access Denied' },
    'SOURCE_FORBIDDEN',
    `${NEEDS} s3:GetObject for the object, kms:Decrypt for its KMS key if it has one, and s3:ListBucket`,
  ],
  [
    'a KMS key that is disabled',
    { status: 400, code: 'KMS.DisabledException', message: 'hush' },
    'SOURCE_UNAVAILABLE',
    'The KMS key of the object cannot be used',
  ],
  ['an archived object', { status: 403, code: 'InvalidObjectState' }, 'SOURCE_UNAVAILABLE', 'The object is archived'],
  [
    'wrong credentials',
    { status: 403, code: 'SignatureDoesNotMatch', message: 'hush' },
    'SOURCE_FORBIDDEN',
    'its credentials are not accepted',
  ],
  [
    'no object',
    { status: 404, code: 'NoSuchKey', message: 'hush' },
    'SOURCE_NOT_FOUND',
    'The bucket has no such object.',
  ],
  ['no bucket', { status: 404, code: 'NoSuchBucket', message: 'hush' }, 'SOURCE_NOT_FOUND', 'There is no such bucket.'],
  [
    'another endpoint',
    { status: 301, code: 'PermanentRedirect' },
    'SOURCE_UNAVAILABLE',
    'The bucket is in another region, or at another endpoint.',
  ],
])('the missing right, or the cause: %s', async (_what, response, code, detail) => {
  responses = Array.from({ length: 4 }, () => response);
  const reply = await ask('s3://photos/a.webp');
  expect(codeOf(reply)).toBe(code);
  expect(JSON.parse(reply.body.toString()).detail).toContain(detail);
  expect(reply.body.toString()).not.toContain('hush');
});

test.each<[string, S3Response]>([
  ['an invalid id', { status: 400, code: 'InvalidArgument' }],
  ['no such version', { status: 404, code: 'NoSuchVersion' }],
  ['a delete marker', { status: 405, code: 'MethodNotAllowed', headers: { 'x-amz-delete-marker': 'true' } }],
])('a version that is none: %s', async (_what, response) => {
  responses = [response];
  const reply = await ask('s3://photos/a.webp?versionId=x');
  expect([codeOf(reply), JSON.parse(reply.body.toString()).detail]).toEqual([
    'SOURCE_NOT_FOUND',
    'The object has no such version.',
  ]);
});

test('a version without the right to read versions', async () => {
  responses = [{ status: 403, code: 'AccessDenied', message: 'Access Denied' }];
  const reply = await ask('s3://photos/a.webp?versionId=x');
  expect(reply.body.toString()).toContain('it needs s3:GetObjectVersion for the object');
});

test('an access key needs both of its parts', () => {
  expect(() => testHandler({ SOURCE_S3_ACCESS_KEY_ID: 'x' })).toThrow('SOURCE_S3_SECRET_ACCESS_KEY need each other');
  expect(() => testHandler({ SOURCE_S3_SECRET_ACCESS_KEY: 'hush' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hush') }),
  );
});
