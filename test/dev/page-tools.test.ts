/** The tools on the image of the playground: what they do to the parameters, and to the output. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  colourNames,
  cropCorners,
  toColour,
  toolOptions,
  withCrop,
  withFocus,
} from '../../src/dev/page/image-tools.ts';
import { imageUrl } from '../../src/dev/page/image-urls.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels, near } from '../pixels.ts';
import { context, testHandler, toReply } from '../requests.ts';

describe('focal point', () => {
  test.each([
    [{ w: '640' }, { w: '640', fit: 'cover', ar: '1:1' }],
    [
      { w: '640', h: '480', a: 'attention' },
      { w: '640', h: '480', fit: 'cover' },
    ],
    [
      { w: '640', h: '480', fit: 'contain' },
      { w: '640', h: '480', fit: 'contain' },
    ],
    [
      { w: '640', h: '480', fit: 'fill' },
      { w: '640', h: '480', fit: 'cover' },
    ],
    [
      { w: '640', ar: '4:3' },
      { w: '640', ar: '4:3' },
    ],
    [
      { w: '640', fit: 'cover' },
      { w: '640', fit: 'cover', ar: '1:1' },
    ],
  ])('in %j', (options, expected) =>
    expect(withFocus(options as never, { x: 0.123, y: 1.4 })).toEqual({ ...expected, fpx: '0.12', fpy: '1.00' }),
  );
});

describe('crop', () => {
  const corners = [
    { x: 0.75, y: 0.9 },
    { x: 0.2504, y: -0.1 },
  ] as const;
  const cropped = { w: '9', cx: '25%', cy: '0%', cw: '50%', ch: '90%', precrop: '1' };

  test('in any direction, in percent of the source, within it', () => {
    expect(withCrop({ w: '9', cx: 'right' }, ...corners)).toEqual(cropped);
    expect(withCrop({ w: '9' }, corners[1], corners[0])).toEqual(cropped);
  });
  test('a click removes it', () =>
    expect(withCrop(cropped, { x: 0.3, y: 0.3 }, { x: 0.305, y: 0.3 })).toEqual({ w: '9' }));
  test('is shown again', () => {
    expect(cropCorners(cropped)).toEqual([
      { x: 0.25, y: 0 },
      { x: 0.75, y: 0.9 },
    ]);
    for (const other of [{ w: '9' }, { ...cropped, cx: '10' }, { ...cropped, precrop: '' }])
      expect(cropCorners(other)).toBeUndefined();
  });
});

test('colours: the parameters that have an effect, and the value of a pixel', () => {
  expect(colourNames({ w: '9' })).toEqual(['tint', 'bg']);
  expect(colourNames({ w: '9', mask: 'circle', filt: 'duotone', pad: '9' }).toSorted()).toEqual([
    'bg',
    'cbg',
    'mbg',
    'start',
    'stop',
    'tint',
  ]);
  expect(toColour([255, 0, 10, 255])).toBe('ff000a');
});

describe('the image of a tool has the coordinates of its parameters', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    const body = readFileSync(new URL('../../src/dev/samples/turned.jpg', import.meta.url));
    origin = await startOrigin({ '/turned.jpg': { body } });
  });
  afterAll(() => origin.close());
  const handler = testHandler({ API_KEYS: 'reader:KEY', SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' });
  async function render(options: Readonly<Record<string, string>>) {
    const url = imageUrl({ base: 'https://img.example.com/', u: `${origin.url}/turned.jpg`, options }, 'KEY');
    const event = { rawQueryString: url.split('?')[1] ?? '', requestContext: { http: { method: 'GET' } } };
    const { status, body } = toReply(await handler(event, context()));
    expect(status, String(body)).toBe(200);
    return decodePixels(body);
  }

  test.each([{}, { flip: '1', flop: '1' }, { ro: '90' }, { ro: '-90', flop: '1' }, { ro: '30' }])(
    '%j',
    async (others) => {
      const options = { w: '400', ...others };
      const shown = await render({ ...toolOptions('crop', options), f: 'png' });
      const [one, other] = [
        { x: 0.2, y: 0.3 },
        { x: 0.6, y: 0.8 },
      ] as const;
      // Without the rotation that follows the crop.
      const { ro, ...unrotated } = withCrop(options, one, other);
      const isLate = ro === '30';
      const output = await render({ ...(isLate ? unrotated : { ...unrotated, ...(ro && { ro }) }), f: 'png' });
      for (const x of [0.25, 0.5, 0.75])
        for (const y of [0.25, 0.5, 0.75]) {
          const place = [one.x + x * (other.x - one.x), one.y + y * (other.y - one.y)] as const;
          expect(near(output.at(x, y), shown.at(...place), 40), `${x}, ${y}`).toBe(true);
        }
    },
  );

  test('that of the focal point is cropped before, if the output is', () => {
    const options = { w: '9', cx: '1%', precrop: '1', cw: '50%', blur: '3', trim: '5' };
    expect(toolOptions('focus', options)).toEqual({
      w: '1024',
      we: '1',
      n: '1',
      cx: '1%',
      cw: '50%',
      precrop: '1',
      trim: '5',
    });
    expect(toolOptions('crop', options)).toEqual({ w: '1024', we: '1', n: '1', trim: '5' });
  });
});
