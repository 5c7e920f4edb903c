/**
 * Adjustments as tables: what a channel of a pixel becomes, by its value from 0 to 255. The formulas are wsrv.nl's (weserv), as
 * its documentation and source state them; alpha is never changed.
 */
import type { Colour } from './colour.ts';
import type { Frame } from './frames.ts';
import { channelByLight, fromLab, type Lab, LIGHT_STEPS, toLab, toLinear } from './lab.ts';
import { forEachSlice } from './slices.ts';

/** 256 values for each of red, green and blue, in this order: 768 in all. */
export type ChannelTables = Uint8Array;

type Rgb = readonly [r: number, g: number, b: number];

/** Fills the tables from the colour that each value of grey becomes, in whole numbers from 0 to 255. */
function tablesOf(at: (value: number) => Rgb): ChannelTables {
  const tables = new Uint8Array(768);
  for (let value = 0; value < 256; value++)
    for (const [band, channel] of at(value).entries()) tables[band * 256 + value] = channel;
  return tables;
}

/**
 * Fills the three tables alike. Fractions are dropped, as libvips does: but a number that is whole except for the error of
 * floating point is that number, so that white stays white.
 *
 * @param at returns 0 to 1 for a channel from 0 to 1
 */
const curve = (at: (value: number) => number): ChannelTables =>
  tablesOf((value) => {
    const channel = Math.floor(255 * at(value / 255) + 1e-4);
    return [channel, channel, channel];
  });

const roundLab = (lab: Lab): Rgb => {
  const [r, g, b] = fromLab(lab);
  return [Math.round(r), Math.round(g), Math.round(b)];
};

/** Adds a percentage of the range to each channel, from −100 to 100. */
export const brightnessTables = (percentage: number): ChannelTables =>
  curve((value) => Math.min(1, Math.max(0, value + percentage / 100)));

/** Raises each channel to a power, from 1 to 3: darkens the midtones, black and white stay. */
export const gammaTables = (gamma: number): ChannelTables => curve((value) => value ** gamma);

/**
 * Changes the contrast by a sigmoid curve around the middle, which keeps black and white:
 * 1 / (1 + e^(β (½ − v))), scaled to 0 to 1, or for less contrast its inverse.
 *
 * @param contrast from −100 to 100, not 0: β is 0.3 times its amount
 */
export function contrastTables(contrast: number): ChannelTables {
  const beta = 0.3 * Math.abs(contrast);
  const sigmoid = (value: number) => 1 / (1 + Math.exp(beta * (0.5 - value)));
  const [min, max] = [sigmoid(0), sigmoid(1)];
  return curve((value) => {
    if (contrast > 0) return (sigmoid(value) - min) / (max - min);
    const mixed = value * (max - min) + min;
    return 0.5 - Math.log((1 - mixed) / mixed) / beta;
  });
}

/** Maps grey to a gradient from one colour to another, straight in CIELAB. */
export function duotoneTables(start: Colour, stop: Colour): ChannelTables {
  const [from, to] = [toLab(start), toLab(stop)];
  return tablesOf((value) => {
    const mix = (key: keyof Lab) => from[key] + ((to[key] - from[key]) * value) / 255;
    return roundLab({ l: mix('l'), a: mix('a'), b: mix('b') });
  });
}

/** Gives grey the chroma of a colour in CIELAB. The lightness stays, where sRGB has the colour. */
export function tintTables(tint: Colour): ChannelTables {
  const { a, b } = toLab(tint);
  return tablesOf((value) => {
    const { l } = toLab({ r: value, g: value, b: value });
    return roundLab({ l, a, b });
  });
}

/** Leaves grey as it is. */
export const GREY_TABLES: ChannelTables = tablesOf((value) => [value, value, value]);

/** Maps each channel of a frame through its table, 5 to 10 ns per pixel, in slices. */
export async function mapChannels(frame: Frame, tables: ChannelTables): Promise<Frame> {
  const { data, channels, width } = frame;
  const out = Buffer.allocUnsafeSlow(data.length);
  await forEachSlice(frame, (fromRow, toRow) => {
    for (let i = fromRow * width * channels, end = toRow * width * channels; i < end; i += channels) {
      out[i] = tables[data[i] ?? 0] ?? 0;
      out[i + 1] = tables[256 + (data[i + 1] ?? 0)] ?? 0;
      out[i + 2] = tables[512 + (data[i + 2] ?? 0)] ?? 0;
      if (channels === 4) out[i + 3] = data[i + 3] ?? 0;
    }
  });
  return { ...frame, data: out };
}

/** The linear light of each channel by its value, times its coefficient of Rec. 709, in steps of `channelByLight`. */
const LUMINANCE = [0.2126, 0.7152, 0.0722].map((coefficient) =>
  Float64Array.from({ length: 256 }, (_, value) => coefficient * toLinear(value) * LIGHT_STEPS + 1 / 6),
) as [Float64Array, Float64Array, Float64Array];

/** Maps the grey of the same luminance through the tables, 10 to 20 ns per pixel, in slices. */
export async function mapGrey(frame: Frame, tables: ChannelTables): Promise<Frame> {
  const greys = channelByLight();
  const [red, green, blue] = LUMINANCE;
  const { data, channels, width } = frame;
  const out = Buffer.allocUnsafeSlow(data.length);
  await forEachSlice(frame, (fromRow, toRow) => {
    for (let i = fromRow * width * channels, end = toRow * width * channels; i < end; i += channels) {
      const redAndBlue = (red[data[i] ?? 0] ?? 0) + (blue[data[i + 2] ?? 0] ?? 0);
      const grey = greys[Math.trunc(redAndBlue + (green[data[i + 1] ?? 0] ?? 0))] ?? 0;
      out[i] = tables[grey] ?? 0;
      out[i + 1] = tables[256 + grey] ?? 0;
      out[i + 2] = tables[512 + grey] ?? 0;
      if (channels === 4) out[i + 3] = data[i + 3] ?? 0;
    }
  });
  return { ...frame, data: out };
}
