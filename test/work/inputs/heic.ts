/** HEIC files that ask for much: entries, NAL units, pixels that are cropped, memory and time of the decoder. */
import { clap, coded, grid, heif, type Item, image, ispe } from '../../heic/heif-file.ts';
import type { Input } from '../origin.ts';
import { box, FLOOD, repeated, u32 } from './bytes.ts';

const { data, hvcC } = coded('tile0.heic');
const tile = (bitstream: Buffer = data, side = 128): Item => ({
  type: 'hvc1',
  data: bitstream,
  properties: [hvcC, ispe(side, side)],
});

/** A grid of so many tiles a side, each of its own. */
function gridOf(side: number, tiles: Item, ...properties: readonly Buffer[]): Buffer {
  const all = Array.from({ length: side * side }, () => tiles);
  const ids = all.map((_, i) => i + 2);
  return heif([grid([side, side], [side * 128, side * 128], ids, ...properties), ...all]);
}

const ftyp = box('ftyp', Buffer.from('heic\0\0\0\0heicmif1', 'latin1'));
const input = (name: string, bytes: () => Buffer, isCompressed = false): Input => ({ name, bytes, isCompressed });

/** Refused by their structure, before a thread begins. */
export const HEIC_FLOODS: readonly Input[] = [
  input('HEIC of empty boxes', () => Buffer.concat([ftyp, repeated(box('free'), FLOOD)]), true),
  input('HEIC of empty NAL units', () => heif([tile(repeated([0, 0, 0, 1, 1], FLOOD - 4000))]), true),
  input(
    'HEIC with 50 MB of properties',
    () =>
      Buffer.concat([
        ftyp,
        box('meta', Buffer.concat([u32(0), box('iprp', box('ipco', repeated(box('free'), FLOOD)))])),
      ]),
    true,
  ),
  input('HEIC that is cropped from 39 to one megapixel', () => gridOf(49, tile(), clap(1000, 1, 1000, 1, 0, 1, 0, 1))),
  input('HEIC without the end of its tiles', () => gridOf(20, tile()).subarray(0, -2000)),
];

/** Decoded, or ended. */
export const HEIC_WORK: readonly Input[] = [
  input('HEIC of 900 tiles', () => gridOf(30, tile())),
  input('HEIC of 14.7 megapixels that is cropped to one', () => gridOf(30, tile(), clap(1000, 1, 1000, 1, 0, 1, 0, 1))),
  input('HEIC whose tiles are larger than they say', () =>
    gridOf(30, { ...image('patches.heic', 128, 128), properties: [coded('patches.heic').hvcC, ispe(128, 128)] }),
  ),
];
