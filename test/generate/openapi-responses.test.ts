/** Real answers against openapi.json: of every status, with nothing that it does not tell, and with all that it tells. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler, type HandlerOptions } from '../../src/handler.ts';
import { ANSWERS, faults } from '../openapi-judge.ts';
import { startOrigin } from '../origin.ts';
import { context, events, KEY, type Reply, testConfig, toReply } from '../requests.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const DATE = 'Wed, 21 Oct 2015 07:28:00 GMT';
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const [photo, moving] = [read('../../src/dev/samples/landscape.jpg'), read('../../src/dev/samples/banana.gif')];
  origin = await startOrigin({
    '/photo.jpg': { body: photo },
    '/dated.jpg': { body: photo, headers: { 'last-modified': DATE, age: '50', 'cache-control': 'max-age=900' } },
    '/private.jpg': { body: photo, headers: { 'cache-control': 'private' } },
    '/moving.gif': { body: moving },
    '/poor.jpg': { body: await sharp(photo).resize(300).jpeg({ quality: 10 }).toBuffer() },
    '/logo.svg': { body: read('../../src/dev/samples/logo.svg') },
    '/cut.jpg': { body: read('../fixtures/cases/files/B01-cut60.jpg') },
    '/bomb.png': { body: read('../fixtures/cases/files/L11-bomb-19000.png') },
    '/text': { body: 'hello' },
    '/down.jpg': { status: 503 },
    '/silent.jpg': { framing: 'silent' },
  });
});
afterAll(() => origin.close());

interface Question {
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly extras?: HandlerOptions;
  readonly left?: number;
}
async function ask({ path = '/photo.jpg', query, headers, method, env, extras, left }: Question): Promise<Reply> {
  const handler = createHandler(testConfig(env), { log: () => {}, ...extras });
  const all = { k: KEY, u: path.startsWith('/') ? origin.url + path : path, w: 40, ...query };
  return toReply(await handler(events.functionUrl(all, headers, method), context(left)));
}

const often: HandlerOptions = { limitRate: async () => 7 };
const broken: HandlerOptions = {
  limitRate: async () => {
    throw new Error('a bug');
  },
};
const ROWS: [number, string, Question][] = [
  ...['jpg', 'png', 'webp', 'avif', 'gif', 'tiff', 'blurhash', 'thumbhash', 'lqip', 'color'].map(
    (f): [number, string, Question] => [200, f, { query: { f } }],
  ),
  [200, 'facts', { query: { f: 'json', explain: 1, meta: 'keep', fit: 'cover', h: 30 } }],
  [
    200,
    'facts of an animation',
    { path: '/moving.gif', query: { f: 'json', explain: 1, fit: 'contain', h: 90, ro: 5 } },
  ],
  [200, 'facts of a drawing', { path: '/logo.svg', query: { f: 'json' } }],
  [200, 'a data URL to save', { query: { encoding: 'base64', dl: 1 } }],
  [200, 'as old as its origin says', { path: '/dated.jpg' }],
  [200, 'of a private one', { path: '/private.jpg' }],
  [200, 'within a budget', { query: { w: 600, mb: 9000, f: 'webp' } }],
  [200, 'no more bytes than its source', { path: '/poor.jpg', query: { w: 300 } }],
  [200, 'the first frames', { path: '/moving.gif', env: { SOURCE_MAX_FRAMES: '2' } }],
  [200, 'in a hurry', { path: '/moving.gif', query: { w: 1200 }, left: 3000 }],
  [200, 'a box', { path: '/none.jpg', query: { default: 1 }, env: { FALLBACK_STATUS: '200' } }],
  [304, 'unchanged', { path: '/dated.jpg', headers: { 'if-modified-since': DATE } }],
  [400, 'wrong', { query: { w: 0, x: 1 } }],
  [401, 'another key', { query: { k: 'x' } }],
  [401, 'no signature', { query: { s: 'x' } }],
  [403, 'inward', { path: 'http://10.0.0.1/' }],
  [404, 'none', { path: '/none.jpg' }],
  [404, 'a box', { path: '/none.jpg', query: { default: 1 } }],
  [404, 'a box as text', { path: '/none.jpg', query: { default: 1, f: 'lqip' } }],
  [405, 'POST', { method: 'POST' }],
  [413, 'too many pixels', { path: '/bomb.png' }],
  [413, 'a box', { path: '/bomb.png', query: { default: 1 } }],
  [415, 'text', { path: '/text' }],
  [422, 'cut short', { path: '/cut.jpg' }],
  [429, 'too often', { extras: often }],
  [500, 'a bug', { extras: broken }],
  [502, 'down', { path: '/down.jpg' }],
  [504, 'silent', { path: '/silent.jpg', env: { SOURCE_IDLE_TIMEOUT: '50' } }],
];

const statuses = new Set<number>();
const seen = new Set<string>();
const note = ({ status, headers }: Reply) => {
  statuses.add(status);
  for (const name of Object.keys(headers)) seen.add(name);
};

test.each(ROWS)('%i: %s', async (status, _, question) => {
  const reply = await ask(question);
  note(reply);
  expect([reply.status, faults(reply)]).toEqual([status, []]);
  if (question.method) return;
  const head = await ask({ ...question, method: 'HEAD' });
  expect([head.status, faults(head, 'HEAD')]).toEqual([status, []]);
});

test('503: full', async () => {
  const handler = createHandler(testConfig({ MAX_REQUESTS: '1', SOURCE_IDLE_TIMEOUT: '500' }), { log: () => {} });
  const one = () =>
    handler(events.functionUrl({ k: KEY, u: `${origin.url}/silent.jpg?${Math.random()}`, w: 40 }), context());
  origin.set('/silent.jpg', { framing: 'silent' });
  const replies = (await Promise.all([one(), one()])).map(toReply);
  const full = replies.find(({ status }) => status === 503);
  if (!full) throw new Error('both were let in');
  note(full);
  expect(faults(full)).toEqual([]);
});

test('204: what may be asked', async () => {
  const reply = await ask({ method: 'OPTIONS' });
  note(reply);
  expect([reply.status, faults(reply, 'OPTIONS')]).toEqual([204, []]);
});

test('nothing is documented that no answer has', () => {
  const documented = Object.values(ANSWERS).flatMap((answers) => Object.entries(answers));
  expect(new Set(documented.map(([status]) => Number(status)))).toEqual(statuses);
  const names = documented.flatMap(([, { headers }]) => Object.keys(headers).map((name) => name.toLowerCase()));
  expect([...new Set(names)].filter((name) => !seen.has(name))).toEqual([]);
});

test('the document is a judge', async () => {
  const reply = await ask({});
  const judge = (more: Partial<Reply>) => faults({ ...reply, ...more });
  expect(judge({ status: 418 })).toEqual(['418 is not documented']);
  expect(judge({ headers: { ...reply.headers, 'x-other': '1' } })).toEqual(['x-other is not documented']);
  expect(judge({ headers: { ...reply.headers, etag: 'x' } })[0]).toMatch(/^etag must match/);
  expect(judge({ headers: { ...reply.headers, 'content-type': 'text/html' } })).toEqual([
    'text/html is not documented',
  ]);
  const { 'cache-control': _, ...rest } = reply.headers;
  expect(judge({ headers: rest })).toEqual(['cache-control is missing']);
  const refused = await ask({ query: { w: 0 } });
  const body = Buffer.from(JSON.stringify({ ...JSON.parse(refused.body.toString()), code: 'UNAUTHORIZED', more: 1 }));
  expect(faults({ ...refused, body }).join()).toMatch(/code must be equal.*unevaluated/);
});
