import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  brightnessTables,
  type ChannelTables,
  contrastTables,
  duotoneTables,
  GREY_TABLES,
  gammaTables,
  mapChannels,
  mapGrey,
  tintTables,
} from '../../src/image/channel-tables.ts';
import { parseColour, toColour } from '../../src/image/colour.ts';
import { SLICE_PIXELS } from '../../src/image/slices.ts';

const colour = (text: string) => toColour(parseColour(text));
/** The colour that a grey becomes. */
const at = (tables: ChannelTables, grey: number) => [tables[grey], tables[256 + grey], tables[512 + grey]];
const gradient = Buffer.from(Array.from({ length: 256 }, (_, value) => [value, value, value]).flat());

describe('tables of channels', () => {
  test.each([1.5, 2.2, 3])('gamma %f is the power, as libvips computes it', async (gamma) => {
    const raw = { width: 256, height: 1, channels: 3 } as const;
    const libvips = await sharp(gradient, { raw }).gamma(gamma, 1).raw().toBuffer();
    const ours = Array.from({ length: 256 }, (_, value) => at(gammaTables(gamma), value)).flat();
    expect(ours).toEqual([...libvips]);
  });

  test.each([
    [30, [76, 140, 255]],
    [-30, [0, 0, 178]],
    [100, [255, 255, 255]],
  ])('brightness %i adds to each channel', (percentage, expected) => {
    const tables = brightnessTables(percentage);
    expect([0, 64, 255].map((grey) => tables[grey])).toEqual(expected);
  });

  test.each([
    [50, [0, 5, 125, 129, 249, 255]],
    [100, [0, 0, 123, 131, 254, 255]],
    [-50, [0, 108, 127, 127, 146, 255]],
    [-100, [0, 118, 127, 127, 136, 255]],
  ])('contrast %i is a sigmoid that keeps black and white', (contrast, expected) => {
    const tables = contrastTables(contrast);
    expect([0, 64, 127, 128, 192, 255].map((grey) => tables[grey])).toEqual(expected);
  });

  test('less contrast is the inverse of more', () => {
    const [more, less] = [contrastTables(20), contrastTables(-20)];
    for (let grey = 0; grey < 256; grey++)
      expect(Math.abs((more[less[grey] ?? 0] ?? 0) - grey), `${grey}`).toBeLessThanOrEqual(3);
  });

  test('tint keeps the lightness, and gives the chroma of the colour', () => {
    const tables = tintTables(colour('704214'));
    expect([0, 128, 192].map((grey) => at(tables, grey))).toEqual([
      [44, 0, 0],
      [170, 116, 68],
      [240, 180, 129],
    ]);
    expect(at(tintTables(colour('808080')), 77)).toEqual([77, 77, 77]);
  });

  test('duotone is a gradient in CIELAB', () => {
    const tables = duotoneTables(colour('C83658'), colour('D8E74F'));
    expect([0, 128, 255].map((grey) => at(tables, grey))).toEqual([
      [200, 54, 88],
      [214, 151, 88],
      [216, 231, 79],
    ]);
  });
});

describe('mapChannels', () => {
  test.each([3, 4] as const)('maps %i channels, alpha excepted', async (channels) => {
    const data = Buffer.from(Array.from({ length: 2 * channels }, (_, i) => 100 + i));
    const mapped = await mapChannels({ data, width: 2, height: 1, channels }, gammaTables(2));
    const expected = [...data].map((value, i) => (i % channels === 3 ? value : Math.floor(value ** 2 / 255)));
    expect([...mapped.data]).toEqual(expected);
  });

  test('all slices are mapped', async () => {
    const [width, height] = [1000, 2 * Math.ceil(SLICE_PIXELS / 1000)];
    const data = Buffer.alloc(width * height * 3, 128);
    const mapped = await mapChannels({ data, width, height, channels: 3 }, gammaTables(2));
    expect(mapped.data.equals(Buffer.alloc(data.length, 64))).toBe(true);
  });
});

describe('mapGrey', () => {
  test('keeps the luminance, as libvips does', async () => {
    const data = Buffer.from(Array.from({ length: 256 * 12 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256));
    const raw = { width: 256, height: 4, channels: 3 } as const;
    const libvips = await sharp(data, { raw }).greyscale().raw().toBuffer();
    const { data: ours } = await mapGrey({ data, ...raw }, GREY_TABLES);
    for (let i = 0; i < 1024; i++)
      for (const band of [0, 1, 2])
        expect(Math.abs((ours[i * 3 + band] ?? 0) - (libvips[i] ?? 0)), `pixel ${i}`).toBeLessThanOrEqual(1);
  });

  test('grey stays, and so does alpha', async () => {
    const data = Buffer.from(Array.from({ length: 256 }, (_, value) => [value, value, value, 255 - value]).flat());
    const { data: ours } = await mapGrey({ data, width: 256, height: 1, channels: 4 }, GREY_TABLES);
    expect(ours.equals(data)).toBe(true);
  });
});
