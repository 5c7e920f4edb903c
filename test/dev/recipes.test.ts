/** The recipes of the docs: each snippet returns its image. An image that is missing is written. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RECIPES } from '../../src/dev/page/recipes.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { context, testHandler, toReply } from '../requests.ts';
import { expectShown } from '../shown-image.ts';

const page = new URL('../../src/docs/recipes.md', import.meta.url);
const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
const recipes = readFileSync(page, 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    title: text.split('\n')[0] ?? '',
    image: new URL(/!\[[^\]]*\]\((\S+)\)/.exec(text)?.[1] ?? '', page),
    queries: [...text.matchAll(/https:\/\/YOUR-ADDRESS\/\?([^\s"]+)/g)].map(([, query = '']) =>
      query.replaceAll('&amp;', '&'),
    ),
  }));

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin({ '/cat.jpg': { body: photo } });
});
afterAll(() => origin.close());

const handler = testHandler({ API_KEYS: 'reader:KEY', SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' });

/** Requests a query of the page, for a sample instead of its example. */
async function ask(query: string) {
  const rawQueryString = query.replace(/u=[^&]+/, `u=${encodeURIComponent(`${origin.url}/cat.jpg`)}`);
  const event = { rawQueryString, headers: { accept: 'image/webp' }, requestContext: { http: { method: 'GET' } } };
  return toReply(await handler(event, context()));
}

test('there are the recipes that the README names', () => expect(recipes.length).toBeGreaterThanOrEqual(7));

test.each(RECIPES)('the recipe $title of the playground returns what it says', async ({ options }) => {
  const { status, body, headers } = await ask(`k=KEY&u=x&${new URLSearchParams(options)}`);
  expect(status, String(body)).toBe(200);
  if (options.f === 'lqip') return expect(String(body)).toMatch(/^data:image\/webp;base64,/);
  const [across, down] = (options.ar ?? `${options.w}:${options.h}`).split(':').map(Number);
  const { type, width, height } = await decodePixels(body);
  expect([type, width]).toEqual([options.f === 'jpg' ? 'image/jpeg' : 'image/webp', Number(options.w)]);
  expect(headers['content-type']).toBe(type);
  expect(Math.abs(height - (width * Number(down)) / Number(across))).toBeLessThanOrEqual(0.5);
});

test.each([
  ['Avatar', 'User uploads'],
  ['OG image', 'Social cards'],
])('%s has the parameters of %s in the docs', (name, title) => {
  const [query = ''] = recipes.find((recipe) => recipe.title === title)?.queries ?? [];
  const options = RECIPES.find((recipe) => recipe.title === name)?.options;
  expect(Object.fromEntries(new URLSearchParams(query))).toMatchObject({ ...options });
});

test.each(recipes)('$title', async ({ image, queries: [first = '', ...others] }) => {
  const { status, body } = await ask(first);
  expect(status, String(body)).toBe(200);
  await expectShown(image, body, 'run the test again');
  for (const query of others) expect((await ask(query)).status, query).toBe(200);
});
