/** The examples of the parameters: each is valid, and returns the thumbnail of the docs. A thumbnail that is missing is written. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { loadMarks } from '../../src/marks/load.ts';
import type { DocumentedProperty } from '../../src/schema.ts';
import { startOrigin } from '../origin.ts';
import { context, KEY, testConfig, testHandler, toReply } from '../requests.ts';
import { expectShown } from '../shown-image.ts';

const samples = new URL('../../src/dev/samples/', import.meta.url);
const thumbnails = new URL('../../.github/images/', import.meta.url);
const SAMPLE = /\.(?:jpg|webp|gif|svg)$/;
const logo = readFileSync(new URL('logo.svg', samples)).toString('base64');
/** Groups, and parameters of others, that change no pixel of a thumbnail. */
const INVISIBLE = [
  'access',
  'caching',
  'fallback',
  'we',
  'il',
  'l',
  'll',
  'af',
  'loop',
  'delay',
  'hdr',
  'meta',
  'encoding',
  'filename',
  'dl',
  'explain',
];

const examples = Object.entries<DocumentedProperty>(querySchema.properties).map(([name, { group = '', example }]) => ({
  name,
  example,
  hasThumbnail: !INVISIBLE.includes(name) && !INVISIBLE.includes(group),
}));

const env = {
  PRESETS: 'thumb=w=120&h=120&fit=cover',
  MARKS: JSON.stringify({ logo: { source: `data:image/svg+xml;base64,${logo}`, mscale: 0.3 } }),
};

let origin: Awaited<ReturnType<typeof startOrigin>>;
let handler: ReturnType<typeof testHandler>;
beforeAll(async () => {
  const files = readdirSync(samples).filter((name) => SAMPLE.test(name));
  origin = await startOrigin(
    Object.fromEntries(files.map((name) => [`/${name}`, { body: readFileSync(new URL(name, samples)) }])),
  );
  const config = testConfig(env);
  handler = testHandler(env, undefined, { marks: await loadMarks(config.marks, config) });
});
afterAll(() => origin.close());

async function ask(example: string) {
  const query = new URLSearchParams({
    k: KEY,
    u: 'landscape.jpg',
    ...Object.fromEntries(new URLSearchParams(example)),
  });
  for (const name of ['u', 'default']) {
    const value = query.get(name);
    if (value) query.set(name, `${origin.url}/${value}`);
  }
  const event = {
    rawQueryString: String(query),
    headers: { accept: 'image/webp' },
    requestContext: { http: { method: 'GET' } },
  };
  return toReply(await handler(event, context()));
}

test('every parameter but those of access has an example that uses it', () => {
  const without = examples.filter(({ name, example = '' }) => !new URLSearchParams(example).has(name));
  expect(without.map(({ name }) => name)).toEqual(['k', 's', 'exp']);
});

test.each(examples.filter(({ example }) => example))(
  '$name: $example',
  async ({ name, example = '', hasThumbnail }) => {
    const { status, body } = await ask(example);
    // A fallback image keeps the status of the error.
    expect(status, String(body).slice(0, 500)).toBe(example.includes('default=') ? 404 : 200);
    if (hasThumbnail) await expectShown(new URL(`parameter-${name}.webp`, thumbnails), body, 'run npm run generate');
  },
);
