/** The threads that decode HEIC: limits of time and memory, damage, and what is left of them. */
import { describe, expect, test } from 'vitest';
import { createHeicPool } from '../../src/heic/pool.ts';
import { parseHeic } from '../../src/image/formats/heic.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';
import { coded, fixture, grid, heif, image, ispe } from './heif-file.ts';

const decodeHeic = createHeicPool({ heicTimeout: 20_000 });
const request = (bytes: Buffer, changes: object = {}) => ({
  bytes,
  image: { ...parseHeic(bytes).primary, ...changes },
  isThumbnail: false,
  icc: undefined,
});
/** Decodes. @returns the number of bytes: an expectation that fails would print all of them */
const decode = async (
  bytes: Buffer,
  changes?: object,
  pool = decodeHeic,
  limit = createTimeLimit(Date.now() + 60_000),
) => (await pool(request(bytes, changes), limit)).length;
const patches = fixture('patches.heic');
const isDecoded = async () => expect(await decode(patches)).toBeGreaterThan(256 * 192 * 3);

/** A grid of 30 × 30 copies of one tile. */
function repeated(file: string, width: number, height: number): Buffer {
  const tiles = Array.from({ length: 30 * 30 }, () => image(file, width, height));
  const ids = tiles.map((_, i) => i + 2);
  return heif([grid([30, 30], [30 * width, 30 * height], ids), ...tiles]);
}
/**
 * Takes 1300 ms: a fast machine needs a fifth of it, and a limit of CPU time ends the thread after 150 ms at the latest, since it is
 * looked at every 50 ms.
 */
const slow = repeated('patches.heic', 256, 192);
const SHORT_MS = 50;

test('the bytes of a cached source stay as they are', async () => {
  const copy = Buffer.from(patches);
  await isDecoded();
  expect(patches.equals(copy)).toBe(true);
});

test('an image whose header says another size is refused', async () => {
  await expect(decode(patches, { uncropped: { width: 256, height: 193 } })).rejects.toMatchObject({
    code: 'IMAGE_CORRUPT',
  });
  await isDecoded();
});

test('every shorter file is refused, even by a byte', async () => {
  for (const length of [patches.length - 1, patches.length - 300, 900, 60, 8, 0])
    expect(() => parseHeic(patches.subarray(0, length))).toThrow(expect.objectContaining({ code: 'IMAGE_CORRUPT' }));
});

test('a file whose end was replaced by zeros is refused', async () => {
  const { data, hvcC } = coded('patches.heic');
  for (const zeros of [1, 40, data.length]) {
    const bitstream = Buffer.concat([data.subarray(0, data.length - zeros), Buffer.alloc(zeros)]);
    const file = heif([{ type: 'hvc1', data: bitstream, properties: [hvcC, ispe(256, 192)] }]);
    expect(() => parseHeic(file)).toThrow(expect.objectContaining({ code: 'IMAGE_CORRUPT' }));
  }
  // Behind the last unit they do no harm.
  const padded = Buffer.concat([data, Buffer.alloc(40)]);
  await decode(heif([{ type: 'hvc1', data: padded, properties: [hvcC, ispe(256, 192)] }]));
});

test('memory: an image that is much larger than its header says, and what follows', async () => {
  const large = repeated('tile0.heic', 128, 128);
  const small = { ...parseHeic(large).primary, uncropped: { width: 100, height: 100 } };
  await expect(decode(large, small)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  await isDecoded();
});

describe('time', () => {
  test('CPU time above the timeout ends the thread', async () => {
    const impatient = createHeicPool({ heicTimeout: SHORT_MS });
    const start = performance.now();
    await expect(decode(slow, {}, impatient)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      headers: { 'Cache-Control': 'no-store' },
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(await decode(patches, {}, impatient)).toBeGreaterThan(0);
  });
  test('the deadline of the request ends it', async () => {
    await decode(patches);
    const limit = createTimeLimit(Date.now() + SHORT_MS);
    await expect(decode(slow, {}, decodeHeic, limit)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    await isDecoded();
  });
  test('the caller ends it, before and during the decode', async () => {
    const controller = new AbortController();
    const limit = createTimeLimit(undefined, controller.signal);
    const decoding = decode(slow, {}, decodeHeic, limit);
    setTimeout(() => controller.abort(), SHORT_MS);
    await expect(decoding).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    await expect(decode(patches, {}, decodeHeic, limit)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    await isDecoded();
  });
});

test('several at once, each with its own outcome', async () => {
  const outcomes = await Promise.all(
    [patches, fixture('alpha.heic'), patches.subarray(0, 1000), fixture('deep.heic')].map(async (bytes) => {
      try {
        return await decode(bytes);
      } catch (error) {
        return (error as { code: string }).code;
      }
    }),
  );
  expect(outcomes).toEqual([
    expect.closeTo(256 * 192 * 3, -3),
    expect.closeTo(256 * 192 * 4, -3),
    'IMAGE_CORRUPT',
    expect.closeTo(256 * 192 * 6, -3),
  ]);
});
