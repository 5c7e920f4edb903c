/** Mutated HEIC files: of the fixtures, and of files written around their bitstreams. */
import { auxC, clap, coded, fixture, grid, heif, image, imir, irot, nclx, profile } from '../heic/heif-file.ts';
import { mutate } from './mutations.ts';
import type { Random } from './random.ts';

const tiles = [0, 1, 2, 3].map((i) => image(`tile${i}.heic`, 128, 128));
const { icc = Buffer.alloc(0) } = coded('p3.heic');
const exif = { type: 'Exif', data: Buffer.from('\0\0\0\0II*\0\x08\0\0\0\0\0', 'latin1') };

const ORIGINALS: readonly Buffer[] = [
  ...['patches', 'alpha', 'premul', 'deep', 'p3'].map((name) => fixture(`${name}.heic`)),
  heif([grid([2, 2], [256, 192], [2, 3, 4, 5], irot(1)), ...tiles]),
  heif([
    grid([2, 2], [256, 256], [2, 3, 4, 5], nclx(9, 16, 9), clap(99, 1, 301, 2, 1, 2, -3, 1), imir(1)),
    ...tiles,
    { ...image('tile3.heic', 128, 128, profile(icc)), references: [['thmb', [1]]] },
    { ...image('tile2.heic', 128, 128, auxC('urn:mpeg:hevc:2015:auxid:1')), references: [['auxl', [1]]] },
    { ...exif, references: [['cdsc', [1]]] },
  ]),
  heif([image('patches.heic', 256, 192, clap(100, 1, 50, 1, 0, 1, 0, 1), irot(3), imir(0))]),
];

/** Returns one mutated file. */
export const makeHeic = (random: Random): Buffer => mutate(random.pick(ORIGINALS), random);
