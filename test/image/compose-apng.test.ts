/** Expected colours are those that Chromium 156 decodes (WebCodecs, `ImageDecoder`) from the same files. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { composeFrames } from '../../src/image/compose-apng.ts';
import { openSource } from '../../src/image/open.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';
import type { ImageOptions } from '../../src/options.ts';
import { type ApngInput, animationControl, apng, apngChunks, flatPixels, frameControl, frameData } from '../apng.ts';
import { makeApng } from '../fuzz/apng-check.ts';
import { createRandom } from '../fuzz/random.ts';
import { decodePixels, near } from '../pixels.ts';
import { gama } from '../png.ts';
import { limits, make, run } from './vocabulary/quadrants.ts';

const R = [255, 0, 0, 255] as const;
const G = [0, 255, 0, 255] as const;
const B = [0, 0, 255, 255] as const;
const K = [9, 9, 9, 255] as const;
const HALF = [0, 255, 0, 128] as const;
const NONE = [0, 0, 0, 0] as const;
const base: ApngInput = { width: 8, height: 8, frames: [{ colour: R }, { colour: G }, { colour: B }] };

/** Renders at its own size without loss. */
const animate = (bytes: Buffer, more: Partial<ImageOptions> = {}) =>
  make(bytes, { w: 8, f: 'webp', ll: true, ...more });
/** Colours at three columns of the second row: within 4 × 4 pixels of the corner, between, and at the right. */
const POINTS = [0.2, 0.65, 0.9] as const;

test.each<[string, ApngInput, (readonly (readonly number[])[])[]]>([
  [
    'the default image is a frame',
    base,
    [
      [R, R, R],
      [G, G, G],
      [B, B, B],
    ],
  ],
  [
    'the default image is none',
    { ...base, defaultColour: K },
    [
      [R, R, R],
      [G, G, G],
      [B, B, B],
    ],
  ],
  [
    'fewer frames than there are',
    { ...base, told: 2 },
    [
      [R, R, R],
      [G, G, G],
    ],
  ],
  [
    'more frames than there are',
    { ...base, told: 5 },
    [
      [R, R, R],
      [G, G, G],
      [B, B, B],
    ],
  ],
  [
    'parts of the canvas',
    { ...base, frames: [{ colour: R }, { colour: G, width: 4, height: 4 }, { colour: B, left: 6, width: 2 }] },
    [
      [R, R, R],
      [G, R, R],
      [G, R, B],
    ],
  ],
  [
    'cleared',
    {
      ...base,
      frames: [
        { colour: R, dispose: 1 },
        { colour: HALF, width: 4, height: 4, blend: 1 },
        { colour: B, left: 6, width: 2 },
      ],
    },
    [
      [R, R, R],
      [HALF, NONE, NONE],
      [HALF, NONE, B],
    ],
  ],
  [
    'back to the first frame is cleared',
    {
      ...base,
      frames: [
        { colour: R, dispose: 2 },
        { colour: G, width: 4, height: 4 },
        { colour: B, left: 6, width: 2 },
      ],
    },
    [
      [R, R, R],
      [G, NONE, NONE],
      [G, NONE, B],
    ],
  ],
  [
    'back to the frame before',
    {
      ...base,
      frames: [{ colour: R }, { colour: G, width: 4, height: 4, dispose: 2 }, { colour: B, left: 6, width: 2 }],
    },
    [
      [R, R, R],
      [G, R, R],
      [R, R, B],
    ],
  ],
  [
    'over and in the place of',
    {
      ...base,
      frames: [{ colour: R }, { colour: HALF, width: 4, height: 4, blend: 1 }, { colour: HALF, left: 6, width: 2 }],
    },
    [
      [R, R, R],
      [[127, 128, 0, 255], R, R],
      [[127, 128, 0, 255], R, HALF],
    ],
  ],
  [
    'a first frame that covers a part, behind a default image',
    {
      ...base,
      defaultColour: K,
      frames: [
        { colour: R, width: 4, dispose: 2 },
        { colour: G, left: 4, width: 2 },
        { colour: B, left: 6, width: 2 },
      ],
    },
    [
      [R, NONE, NONE],
      [NONE, G, NONE],
      [NONE, G, B],
    ],
  ],
])('%s', async (_what, input, expected) => {
  const image = await animate(apng(input));
  expect(image.pages).toBe(expected.length);
  for (const [frame, colours] of expected.entries())
    for (const [i, colour] of colours.entries()) {
      const actual = image.at(POINTS[i] ?? 0, 0.2, frame);
      // Of a transparent pixel, only the alpha counts.
      const isEqual = colour[3] === 0 ? actual[3] === 0 : near(actual, colour as number[], 2);
      expect(isEqual, `frame ${frame} at ${POINTS[i]}: ${actual}, not ${colour}`).toBe(true);
    }
});

test('delays and plays', async () => {
  const delays = [
    [0, 10],
    [5, 0],
    [1, 3],
    [70_000, 1],
  ] as const;
  const frames = delays.map((delay, i) => ({
    colour: [R, G, B, K][i] ?? R,
    delay: [Math.min(delay[0], 65_535), delay[1]] as const,
  }));
  expect(await animate(apng({ ...base, frames, plays: 7 }))).toMatchObject({ delay: [100, 50, 333, 65_535], loop: 7 });
});

describe('what is not valid ends the animation', () => {
  const chunks = () => apngChunks(base);
  const pixels = flatPixels(8, 8, G);
  const damaged = Buffer.from(pixels).fill(0xee, 2);
  const flipped = (chunk: Buffer) => Buffer.concat([chunk.subarray(0, -1), Buffer.of((chunk.at(-1) ?? 0) ^ 255)]);
  /** Replaces a chunk: 2 acTL, 3 fcTL, 4 IDAT, 5 fcTL, 6 fdAT, 7 fcTL, 8 fdAT. */
  const replaced = (i: number, ...others: Buffer[]) => Buffer.concat(chunks().toSpliced(i, 1, ...others));
  test.each<[string, Buffer, number]>([
    ['no acTL', replaced(2), 1],
    ['acTL after IDAT', Buffer.concat(chunks().toSpliced(2, 1).toSpliced(4, 0, animationControl(3))), 1],
    ['acTL with a wrong checksum', replaced(2, flipped(animationControl(3))), 1],
    ['no frame', replaced(2, animationControl(0)), 1],
    ['one frame', replaced(2, animationControl(1)), 1],
    ['fcTL out of sequence', replaced(5, frameControl(7, base, { colour: G })), 1],
    ['fcTL with a wrong checksum', replaced(5, flipped(frameControl(1, base, { colour: G }))), 1],
    ['a frame outside of the canvas', replaced(5, frameControl(1, base, { colour: G, left: 4 })), 1],
    ['a first frame outside of the canvas', replaced(3, frameControl(0, base, { colour: G, left: 4 })), 1],
    [
      'a first frame that the default image does not fit',
      replaced(3, frameControl(0, base, { colour: G, width: 4 })),
      1,
    ],
    ['a frame without pixels', replaced(5, frameControl(1, base, { colour: G, width: 0 })), 1],
    ['an unknown disposal', replaced(5, frameControl(1, base, { colour: G, dispose: 9 })), 1],
    ['an unknown blend', replaced(5, frameControl(1, base, { colour: G, blend: 9 })), 1],
    ['a frame without data', replaced(6), 1],
    ['fdAT out of sequence', replaced(6, frameData(9, pixels)), 1],
    ['fdAT with a wrong checksum, which counts for nothing', replaced(6, flipped(frameData(2, pixels))), 3],
    ['two acTL', replaced(2, animationControl(3), animationControl(2)), 3],
  ])('%s', async (_what, bytes, pages) => {
    const image = await animate(bytes);
    expect([image.pages, near(image.at(0.5, 0.5), [...R], 2)]).toEqual([pages, true]);
  });

  test.each([
    ['damaged pixels', damaged],
    ['too few pixels', flatPixels(8, 4, G)],
  ])('a frame with %s: the one before it stays', async (_what, data) => {
    const parts = apngChunks({ ...base, frames: [{ colour: R }, { colour: B }, { colour: G }, { colour: K }] });
    const image = await animate(Buffer.concat(parts.toSpliced(8, 1, frameData(4, data))), { delay: 50 });
    // The encoder merges frames that are equal.
    expect(image.delay).toEqual([50, 150]);
    expect([near(image.at(0.5, 0.5, 0), [...R], 2), near(image.at(0.5, 0.5, 1), [...B], 2)]).toEqual([true, true]);
  });

  test('a first frame with damaged pixels is the default image', async () => {
    const parts = apngChunks({ ...base, defaultColour: K });
    // 3 IDAT, 4 fcTL, 5 fdAT.
    const image = await animate(Buffer.concat(parts.toSpliced(5, 1, frameData(1, damaged))));
    expect(near(image.at(0.5, 0.5), [...K], 2)).toBe(true);
  });
});

describe('options', () => {
  const parts = apng({
    ...base,
    defaultColour: K,
    frames: [{ colour: R }, { colour: G, width: 4 }, { colour: B, left: 4, width: 4 }],
  });
  test('a still is the first frame, and page is another, with all that it is composed of', async () => {
    for (const f of ['jpg', 'png', 'avif'] as const) {
      const image = await make(parts, { w: 8, f });
      expect([image.pages, near(image.at(0.5, 0.5), [...R], 12)]).toEqual([1, true]);
    }
    const last = await make(parts, { w: 8, page: 2 });
    expect([near(last.at(0.2, 0.5), [...G], 2), near(last.at(0.8, 0.5), [...B], 2)]).toEqual([true, true]);
    const turned = await make(parts, { w: 8, page: 2, ro: 90 });
    expect([near(turned.at(0.5, 0.2), [...G], 2), near(turned.at(0.5, 0.8), [...B], 2)]).toEqual([true, true]);
    expect(near((await make(parts, { w: 4, page: 2, trim: 10 })).at(0.5, 0.5), [...B], 2)).toBe(true);
    expect((await run(parts, { f: 'color' })).data).toBe('#f80808');
  });
  test('frames are cropped, rotated and scaled as those of a GIF', async () => {
    const right = await animate(parts, { w: 16, cx: 4, cw: 4, precrop: true });
    // The encoder merges the first two, which are equal here.
    expect([right.width, right.height, right.pages]).toEqual([16, 32, 2]);
    expect([near(right.at(0.5, 0.5, 0), [...R], 2), near(right.at(0.5, 0.5, 1), [...B], 2)]).toEqual([true, true]);
    const turned = await animate(parts, { w: 4, ro: 180 });
    expect([near(turned.at(0.9, 0.5, 2), [...G], 2), near(turned.at(0.1, 0.5, 2), [...B], 2)]).toEqual([true, true]);
    expect((await animate(parts, { n: 2 })).pages).toBe(2);
  });
  test('auto is WebP where it is accepted, else GIF; a still is a PNG', async () => {
    const typeOf = async (more: Partial<ImageOptions>, accept?: string) =>
      (await run(parts, { w: 8, f: 'auto', ...more }, accept)).type;
    expect(await typeOf({}, 'image/webp')).toBe('image/webp');
    expect(await typeOf({})).toBe('image/gif');
    expect(await typeOf({ n: 1 })).toBe('image/png');
  });
  test('f=json names the frames, plan those of the output', async () => {
    const many = apng({ ...base, frames: Array.from({ length: 120 }, (_, i) => ({ colour: [R, G, B][i % 3] ?? R })) });
    const { data } = await run(many, { w: 8, f: 'json', explain: true });
    expect(JSON.parse(String(data))).toMatchObject({ format: 'png', pages: 120, loop: 0, plan: { pages: 100 } });
    const { sourceFrameCount } = await run(many, { w: 8, f: 'webp' });
    expect(sourceFrameCount).toBe(120);
  });
  test('colours of the file count in every frame', async () => {
    const grey = [128, 128, 128, 255] as const;
    const dark = [32, 32, 32, 255] as const;
    const frames = [{ colour: grey }, { colour: dark, left: 4, width: 4 }];
    const image = await animate(apng({ ...base, chunks: [gama(1)], frames }), { w: 4 });
    expect(near(image.at(0.9, 0.5, 0), [188, 188, 188, 255], 2)).toBe(true);
    expect(near(image.at(0.9, 0.5, 1), [99, 99, 99, 255], 2)).toBe(true);
  });
  test('a palette with transparency', async () => {
    const pixels = Buffer.from(Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 1)));
    const palette = await sharp(Buffer.from([...pixels].flatMap((i) => (i ? [10, 200, 30, 255] : [0, 0, 0, 0]))), {
      raw: { width: 8, height: 8, channels: 4 },
    })
      .png({ palette: true })
      .toBuffer();
    const idat = palette.indexOf('IDAT') - 4;
    const data = palette.subarray(idat + 8, idat + 8 + palette.readUInt32BE(idat));
    const moving = Buffer.concat([
      palette.subarray(0, idat),
      animationControl(2),
      frameControl(0, { width: 8, height: 8 }, { colour: R, dispose: 1 }),
      palette.subarray(idat, idat + 12 + data.length),
      frameControl(1, { width: 8, height: 8 }, { colour: R }),
      frameData(2, data),
      palette.subarray(idat + 12 + data.length),
    ]);
    const image = await animate(moving);
    expect(image.pages).toBeGreaterThanOrEqual(1);
    expect([image.at(0.2, 0.5)[3], near(image.at(0.8, 0.5), [10, 200, 30, 255], 2)]).toEqual([0, true]);
  });
});

test('a GIF for those without WebP moves too', async () => {
  const { data, type } = await run(apng(base), { w: 8, f: 'auto' });
  const image = await decodePixels(data as Buffer);
  expect([type, image.pages, image.delay]).toEqual(['image/gif', 3, [100, 100, 100]]);
});

test('frames are the same, whichever others are composed', async () => {
  for (let seed = 0; seed < 40; seed++) {
    const opened = await openSource({ bytes: makeApng(createRandom(7, seed)), format: 'png' }, undefined, limits);
    const { apng: file } = opened;
    if (!file) throw new Error('not animated');
    const compose = async (indices: readonly number[]) => {
      const canvases: Buffer[] = [];
      for await (const { data } of composeFrames(opened, file, indices, createTimeLimit()))
        canvases.push(Buffer.from(data));
      return canvases;
    };
    const all = await compose(file.frames.map((_, i) => i));
    expect(all.length).toBe(file.frames.length);
    for (const indices of [all.map((_, i) => i).filter((i) => i % 2 === 0), [all.length - 1], [1]])
      expect(await compose(indices)).toEqual(indices.map((i) => all[i]));
  }
});
