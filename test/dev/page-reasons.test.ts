/** The sentences that say why an output is as it is: made of the real plan of each request. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explanationOptions, reasonsFor } from '../../src/dev/page/reasons.ts';
import { startOrigin } from '../origin.ts';
import { context, events, KEY, testHandler, toReply } from '../requests.ts';

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const sample = (name: string) => ({ body: readFileSync(new URL(`../../src/dev/samples/${name}`, import.meta.url)) });
  const names = ['landscape.jpg', 'turned.jpg', 'banana.gif', 'logo.svg'];
  origin = await startOrigin(Object.fromEntries(names.map((name) => [`/${name}`, sample(name)])));
});
afterAll(() => origin.close());

async function reasons(name: string, options: Record<string, string>): Promise<string[]> {
  const ask = async (more: object) => {
    const event = events.functionUrl({ k: KEY, u: `${origin.url}/${name}`, ...more });
    return toReply(await testHandler()(event, context()));
  };
  const [image, info] = [await ask(options), await ask(explanationOptions(options))];
  expect([image.status, info.status]).toEqual([200, 200]);
  return reasonsFor(JSON.parse(info.body.toString()), options, image.headers['content-type'] ?? '');
}

const JPEG = 'It is JPEG: f=auto chooses by what this browser accepts, and the source has no transparency.';

test.each([
  ['landscape.jpg', { w: '300' }, ['It is scaled to 300 × 225 px, 50 % of its width.', JPEG]],
  [
    'landscape.jpg',
    { w: '900' },
    ['It is scaled to 900 × 675 px, 150 % of its width. It is enlarged; with we=1 it is not.', JPEG],
  ],
  ['landscape.jpg', { w: '900', we: '1' }, ['It is not scaled.', JPEG]],
  [
    'landscape.jpg',
    { w: '200', h: '200', fit: 'cover', a: 'attention' },
    ['It is scaled to 267 × 200 px, 45 % of its width.', 'It is cropped to 200 × 200 px (a=attention).', JPEG],
  ],
  [
    'landscape.jpg',
    { w: '200', h: '200', fit: 'contain', pad: '10' },
    [
      'It is scaled to 200 × 150 px, 33 % of its width.',
      'It is placed in a box of 200 × 200 px.',
      'With its border it has 220 × 220 px.',
      JPEG,
    ],
  ],
  [
    'landscape.jpg',
    { w: '200', ro: '90', f: 'webp' },
    ['It is rotated by 90°.', 'It is scaled to 200 × 267 px, 44 % of its width.', 'It is WebP, because of f=webp.'],
  ],
  [
    'landscape.jpg',
    { w: '200', trim: '10', cw: '50', ch: '50', cx: '10', cy: '10' },
    [
      'Its uniform border is trimmed.',
      'It is scaled to 200 × 150 px, 33 % of its width.',
      'It is cropped to 50 × 50 px.',
      JPEG,
    ],
  ],
])('%s %j', async (name, options, expected) => {
  expect(await reasons(name, options)).toEqual(['The source: JPEG, 600 × 450 px.', ...expected]);
});

test.each([{ mb: '5000' }, { ll: '1' }])('%j, which f=json may not have', async (option) =>
  expect(await reasons('landscape.jpg', { w: '300', f: 'webp', ...option })).toContain(
    'It is scaled to 300 × 225 px, 50 % of its width.',
  ),
);

test('a source that is turned, animated, or has transparency', async () => {
  expect(await reasons('turned.jpg', { w: '900' })).toContain('Its EXIF orientation is applied: it is upright.');
  expect(await reasons('banana.gif', { w: '99' })).toContain('Of its 8 frames or pages, 8 are in the output.');
  expect(await reasons('banana.gif', { w: '99', f: 'png' })).toContain(
    'Of its 8 frames or pages, one is in the output.',
  );
  expect(await reasons('logo.svg', { w: '96', ro: '30' })).toEqual([
    'The source: SVG, 96 × 48 px.',
    'It is not scaled.',
    'It is rotated by 30°.',
    'It is PNG: f=auto chooses by what this browser accepts, and the source has transparency.',
  ]);
});
