/** Marks in finished images, pixel by pixel: outputs are PNG, or lossless WebP for animations. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { drawMark } from '../../src/image/draw-mark.ts';
import type { Format } from '../../src/image/formats/sniff.ts';
import type { Frame } from '../../src/image/frames.ts';
import { MARK_DEFAULTS, type Mark } from '../../src/image/mark.ts';
import { resize } from '../../src/image/resize.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';
import type { ImageOptions } from '../../src/options.ts';
import { decodePixels } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];
const GREY = [100, 100, 100, 255];

let count = 0;
/** A mark of 2 × 1: a red pixel, and a blue one of this alpha. */
const markOf = (alpha = 255, pixels: number[] = [...RED, 0, 0, 255, alpha]): Mark => ({
  name: 'logo',
  version: `test ${count++}`,
  width: pixels.length / 4,
  height: 1,
  pixels: deflateSync(Buffer.from(pixels)),
  options: MARK_DEFAULTS,
});

const plain = (channels: 3 | 4, colour: number[], width = 10, height = 4): Frame => ({
  data: Buffer.from(Array.from({ length: width * height }, () => colour.slice(0, channels)).flat()),
  width,
  height,
  channels,
});
const pixel = ({ data, width, channels }: Frame, x: number, y: number) => [
  ...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
];
/** Points that are not of this colour. */
const changed = (frame: Frame, colour: readonly number[]) =>
  Array.from({ length: frame.width * frame.height }, (_, i): [number, number] => [
    i % frame.width,
    Math.floor(i / frame.width),
  ]).filter(([x, y]) => pixel(frame, x, y).join() !== colour.slice(0, frame.channels).join());

async function draw(frame: Frame, options: Partial<ImageOptions> = {}, mark = markOf(), pages = 1): Promise<Frame> {
  await drawMark(frame, pages, mark, optionsOf({ mark: 'logo', ...options }), createTimeLimit());
  return frame;
}

test.each([
  ['top-left', 0, 0],
  ['top', 4, 0],
  ['top-right', 8, 0],
  ['left', 0, 1],
  ['center', 4, 1],
  ['right', 8, 1],
  ['bottom-left', 0, 3],
  ['bottom', 4, 3],
  ['bottom-right', 8, 3],
] as const)('%s: its two pixels, and nothing else', async (mpos, left, top) => {
  const frame = await draw(plain(3, GREY), { mpos });
  expect(changed(frame, GREY)).toEqual([
    [left, top],
    [left + 1, top],
  ]);
  expect([pixel(frame, left, top), pixel(frame, left + 1, top)]).toEqual([RED.slice(0, 3), BLUE.slice(0, 3)]);
});

describe('alpha', () => {
  test.each([
    ['half of a pixel', 128, 1, [0, 0, 255], [50, 50, 178]],
    ['its own, multiplied', 128, 0.5, [0, 0, 255], [75, 75, 139]],
    ['none', 0, 1, [0, 0, 255], [100, 100, 100]],
  ])('%s, on an opaque image', async (_, own, malpha, __, expected) => {
    const frame = await draw(plain(3, GREY), { malpha }, markOf(own));
    expect(pixel(frame, 9, 3)).toEqual(expected);
    expect(pixel(await draw(plain(4, GREY), { malpha }, markOf(own)), 9, 3)).toEqual([...expected, 255]);
  });

  test('on transparent pixels it stays as transparent as it is', async () => {
    const frame = await draw(plain(4, [9, 9, 9, 0]), { malpha: 0.5 });
    expect(pixel(frame, 8, 3)).toEqual([255, 0, 0, 128]);
  });

  test('over half transparent pixels', async () => {
    const frame = await draw(plain(4, [0, 0, 0, 128]), { malpha: 0.5 });
    // 128/255 over 128/255: 0.502 + 0.502 × 0.498 = 0.752.
    expect(pixel(frame, 8, 3)).toEqual([170, 0, 0, 192]);
  });
});

test('scale: twice as large, each pixel doubled but where both meet', async () => {
  const frame = await draw(plain(3, GREY, 10, 10), { mscale: 0.8, mpos: 'top-left' });
  expect(changed(frame, GREY)).toHaveLength(8 * 4);
  expect([pixel(frame, 0, 0), pixel(frame, 7, 3)]).toEqual([RED.slice(0, 3), BLUE.slice(0, 3)]);
});

test('tiles, with gaps, cut at the edges', async () => {
  const frame = await draw(plain(3, GREY), { mpos: 'tile', mx: 1, my: 2 });
  const columns = [0, 1, 3, 4, 6, 7, 9];
  expect(changed(frame, GREY)).toEqual([0, 3].flatMap((y) => columns.map((x) => [x, y])));
  expect(pixel(frame, 9, 3)).toEqual(RED.slice(0, 3));
});

test('every frame, each within itself', async () => {
  const frame = await draw(plain(3, GREY, 10, 12), {}, markOf(), 3);
  expect(changed(frame, GREY)).toEqual([3, 7, 11].flatMap((y) => [8, 9].map((x) => [x, y])));
});

test('a large frame, in slices', async () => {
  const frame = await draw(plain(3, GREY, 1000, 600), { mpos: 'tile', mscale: 1 }, markOf(255, [...RED]));
  expect(changed(frame, RED)).toEqual([]);
});

test('a mark that is missing, or another, is an error', async () => {
  const limit = createTimeLimit();
  const frame = plain(3, GREY);
  const options = optionsOf({ mark: 'logo' });
  await expect(drawMark(frame, 1, undefined, options, limit)).rejects.toThrow('was not read');
  await expect(drawMark(frame, 1, { ...markOf(), name: 'other' }, options, limit)).rejects.toThrow('was not read');
  expect(changed(frame, GREY)).toEqual([]);
});

const image = (channels: 3 | 4 = 3, background = { r: 100, g: 100, b: 100, alpha: 1 }) =>
  sharp({ create: { width: 100, height: 40, channels, background } });
const render = async (
  bytes: Buffer,
  format: Format,
  options: Partial<ImageOptions>,
  mark: Mark = markOf(255, [...RED]),
) => {
  const job = {
    source: { bytes, format },
    options: optionsOf({ mark: 'logo', ...options }),
    mark,
    accept: undefined,
    limits,
  };
  const rendered = await resize(job);
  return { ...rendered, decoded: await decodePixels(rendered.data as Buffer) };
};
/** The box of red pixels in a frame, and the only other colours. */
function redBox({ pixels, width, height }: Awaited<ReturnType<typeof decodePixels>>, page = 0) {
  const red: [number, number][] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = ((page * height + y) * width + x) * 4;
      if (pixels[at] === 255 && pixels[at + 1] === 0 && pixels[at + 3] === 255) red.push([x, y]);
    }
  const [xs, ys] = [red.map(([x]) => x), red.map(([, y]) => y)];
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1] as const;
  return { box, isFilled: red.length === (box[2] - box[0]) * (box[3] - box[1]) };
}

describe('through the whole core', () => {
  test.each([
    ['the very pixels of the source', { w: 100 }, [80, 20, 100, 40]],
    ['scaled', { w: 50 }, [40, 10, 50, 20]],
    ['after a crop', { w: 100, cx: 10, cy: 0, cw: 50, ch: 40 }, [40, 30, 50, 40]],
    ['after rotation', { w: 40, ro: 90 }, [32, 92, 40, 100]],
    ['on padding', { w: 60, h: 60, fit: 'contain', cbg: 'ff00ff00' }, [48, 48, 60, 60]],
    ['after a blur and a filter', { w: 100, blur: 5, filt: 'greyscale' }, [80, 20, 100, 40]],
    ['outside of a mask', { w: 100, mask: 'circle' }, [80, 20, 100, 40]],
    ['after a trim to the mask', { w: 100, mask: 'circle', mtrim: true }, [32, 32, 40, 40]],
    ['after a background', { w: 100, bg: 'ff00ff00' }, [80, 20, 100, 40]],
  ] as const)('%s', async (_, options, box) => {
    const png = await image().png().toBuffer();
    const { decoded } = await render(png, 'png', { f: 'png', ...options });
    expect(redBox(decoded)).toEqual({ box, isFilled: true });
  });

  test.each(['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('%s has it', async (f) => {
    const { data } = await render(await image().png().toBuffer(), 'png', { w: 100, f, q: 100 });
    const { data: pixels, info } = await sharp(data as Buffer)
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (30 * info.width + 90) * info.channels;
    const [r = 0, g = 255, b = 255] = pixels.subarray(at);
    expect(r > 240 && g < 20 && b < 20, [r, g, b].join()).toBe(true);
  });

  test('every frame of an animation, as GIF and as WebP', async () => {
    const frames = await Promise.all(
      [40, 80, 120].map((v) => image(3, { r: v, g: v, b: v, alpha: 1 }).png().toBuffer()),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [50, 60, 70] })
      .toBuffer();
    for (const options of [
      { w: 100, f: 'webp', ll: true },
      { w: 50, f: 'webp', ll: true },
      { w: 50, f: 'gif', flop: true },
    ] as const) {
      const { decoded } = await render(gif, 'gif', options);
      expect([decoded.pages, decoded.delay]).toEqual([3, [50, 60, 70]]);
      const { width, height } = decoded;
      for (const page of [0, 1, 2])
        expect(redBox(decoded, page).box).toEqual([width * 0.8, height - width * 0.2, width, height]);
    }
  });

  test('a source that is smaller than its output is not sent in its place', async () => {
    const source = await image().jpeg({ quality: 20 }).toBuffer();
    const { encoder, decoded } = await render(source, 'jpeg', { w: 100, f: 'jpg' });
    expect(encoder).toBeUndefined();
    expect(decoded.at(0.9, 0.9)[0]).toBeGreaterThan(230);
  });

  test('what is transparent stays so beside it, and is flattened in a JPEG', async () => {
    const clear = await image(4, { r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer();
    const { decoded } = await render(clear, 'png', { w: 100, f: 'png', malpha: 0.5 });
    expect(decoded.at(0.9, 0.9)).toEqual([255, 0, 0, 128]);
    expect(decoded.at(0.5, 0.5)[3]).toBe(0);
    const jpg = await render(clear, 'png', { w: 100, f: 'jpg', q: 100, malpha: 0.5 });
    const [r, g] = jpg.decoded.at(0.9, 0.9);
    expect(Math.abs((r ?? 0) - 255) < 4 && Math.abs((g ?? 0) - 127) < 4).toBe(true);
  });

  test.each(['lqip', 'color', 'blurhash', 'thumbhash'] as const)('%s is of the image with it', async (f) => {
    const bytes = await image().png().toBuffer();
    const placeholder = async (options: Partial<ImageOptions>) =>
      resize({
        source: { bytes, format: 'png' },
        options: optionsOf({ f, ...options }),
        mark,
        accept: undefined,
        limits,
      });
    const mark = markOf(255, [...RED]);
    const marked = await placeholder({ mark: 'logo', mpos: 'tile', mscale: 0.7 });
    expect(marked.data).not.toBe((await placeholder({})).data);
    if (f === 'color') expect(marked.data).toMatch(/^#f/);
  });
});

test.each(['jpg', 'png'] as const)('the pixels of a %s are released once it is encoded', async (f) => {
  const { transfer } = ArrayBuffer.prototype;
  const released: number[] = [];
  vi.spyOn(ArrayBuffer.prototype, 'transfer').mockImplementation(function (this: ArrayBuffer, length) {
    released.push(this.byteLength);
    return transfer.call(this, length);
  });
  const bytes = await sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  const options = optionsOf({ w: 100, f, mark: 'logo' });
  await resize({ source: { bytes, format: 'jpeg' }, options, mark: markOf(), accept: undefined, limits });
  expect(released).toEqual([100 * 50 * 3]);
  vi.restoreAllMocks();
});
