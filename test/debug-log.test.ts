/** LOG_LEVEL=debug: what was invalid for every 4xx, and the requests to the origin, without a secret; and the id of each error. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sign } from '../src/client/url.ts';
import { startOrigin } from './origin.ts';
import { context, events, KEY, testHandler, toReply } from './requests.ts';

const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const HIDDEN = 'my-hidden-value';
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin({ '/page': { body: '<!doctype html>'.padEnd(100) } });
  origin.set(`/a?X-Amz-Signature=${HIDDEN}`, { status: 302, headers: { location: `/page?token=${HIDDEN}` } });
  origin.set(`/page?token=${HIDDEN}`, { body: '<!doctype html>'.padEnd(100) });
});
afterAll(() => origin.close());

const lines: Record<string, string>[] = [];
const fetches: Record<string, string>[] = [];
const keys = JSON.stringify([
  { id: 'plain', sha256: '' },
  { id: 'acme', mode: 'signed', secret: SECRET },
]);
const handler = testHandler(
  { LOG_LEVEL: 'debug', API_KEYS: keys.replace('""', JSON.stringify(await digest(KEY))) },
  (line) => {
    expect(line).not.toContain(HIDDEN);
    expect(line).not.toContain(KEY);
    (JSON.parse(line).message === 'fetch' ? fetches : lines).push(JSON.parse(line));
  },
);

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(bytes).toString('hex');
}

/** Returns the log line of a request, whose response carries its id. */
async function lineOf(query: Record<string, string>, headers: Record<string, string> = {}, method = 'GET') {
  lines.length = 0;
  const id = crypto.randomUUID();
  const reply = toReply(await handler(events.functionUrl(query, headers, method), { ...context(), awsRequestId: id }));
  const [line] = lines;
  expect(lines).toHaveLength(1);
  expect(JSON.parse(reply.body.toString())).toMatchObject({
    type: `/docs/errors#${`${line?.code}`.toLowerCase()}`,
    instance: `urn:uuid:${line?.function_request_id}`,
  });
  expect(line?.function_request_id).toBe(id);
  return line;
}

test.each<[query: () => Record<string, string>, status: number, cause: RegExp]>([
  [() => ({ k: KEY, u: 'x.de/a', w: '0' }), 400, /^Error: w must be a whole number from 1 to 8192/],
  [() => ({ k: KEY, u: 'x.de/a', hieght: '9' }), 400, /hieght is not a parameter: the nearest name is height/],
  [() => ({ k: KEY, u: 'x.de/a', w: '9', [HIDDEN]: '' }), 400, /^Error: an unknown parameter$/],
  [() => ({ k: KEY, u: `data:${HIDDEN}`, w: '9' }), 400, /^Error: u is a data: URL/],
  [
    () => ({ k: KEY, u: 'x.de/a', w: HIDDEN, f: HIDDEN, bg: HIDDEN }),
    400,
    /^Error: w must be .*; bg must be .*; f must be/,
  ],
  [() => ({ k: HIDDEN, u: 'x.de/a', w: '9' }), 401, /This API key is not known/],
  [() => ({ u: 'x.de/a', w: '9' }), 401, /An API key is required/],
  [
    () => ({ k: KEY, u: 'http://10.0.0.1/', w: '9' }),
    403,
    /private or reserved IP address.* <- Error: http:\/\/10\.0\.0\.1$/,
  ],
  [
    () => ({ k: KEY, u: `${origin.url}/none?sig=${HIDDEN}`, w: '9' }),
    404,
    /returned 404.* <- Error: http:\/\/127\.0\.0\.1:\d+ \(127\.0\.0\.1\) → 404$/,
  ],
  [
    () => ({ k: KEY, u: `${origin.url}/a?X-Amz-Signature=${HIDDEN}`, w: '9' }),
    415,
    /redirected to 127\.0\.0\.1:\d+, which returned HTML\..* → 302; http:\/\/127\.0\.0\.1:\d+ \(127\.0\.0\.1\) → 200$/,
  ],
])('%s', async (query, status, cause) => {
  const line = await lineOf(query());
  expect(line).toMatchObject({ status, cause: expect.stringMatching(cause) });
});

test('a method, and a signature whose URL has credentials of its own', async () => {
  expect(await lineOf({ k: KEY }, {}, 'POST')).toMatchObject({
    status: 405,
    cause: 'ImageError: Use GET, HEAD or OPTIONS.',
  });
  const source = `https://bucket.s3.amazonaws.com/a.jpg?X-Amz-Credential=${HIDDEN}&X-Amz-Signature=${HIDDEN}`;
  const url = await sign('https://x.lambda-url.eu-west-1.on.aws/', source, { id: 'acme', secret: SECRET }, { w: 40 });
  const line = await lineOf({ ...Object.fromEntries(new URL(url).searchParams), w: '41' });
  expect(line).toMatchObject({
    status: 401,
    cause: expect.stringContaining('a.jpg%3F%28left%20out%20of%20the%20log%29'),
  });
});

test('the requests of each fetch, also of one that succeeds', async () => {
  const body = readFileSync(new URL('fixtures/cases/files/std-quad.png', import.meta.url));
  origin.set(`/image?token=${HIDDEN}`, { body });
  origin.set(`/moved?token=${HIDDEN}`, { status: 301, headers: { location: `/image?token=${HIDDEN}` } });
  fetches.length = 0;
  const query = { k: KEY, u: `${origin.url}/moved?token=${HIDDEN}`, w: '9' };
  expect(toReply(await handler(events.functionUrl(query), context())).status).toBe(200);
  const request = `${origin.url} (127.0.0.1)`;
  expect(fetches).toEqual([
    expect.objectContaining({ level: 'DEBUG', requests: `${request} → 301; ${request} → 200` }),
  ]);
  const quiet: string[] = [];
  await testHandler({}, (line) => quiet.push(line))(events.functionUrl({ ...query, w: '8' }), context());
  expect(quiet).toHaveLength(1);
});
