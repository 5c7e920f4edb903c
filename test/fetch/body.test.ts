import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readBody } from '../../src/fetch/body.ts';
import { peekSize } from '../../src/image/formats/size.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import { testConfig } from '../requests.ts';

vi.mock('../../src/image/formats/size.ts', { spy: true });
vi.mock('../../src/image/formats/sniff.ts', { spy: true });

const limits = testConfig();
const signal = new AbortController().signal;

/** Reads a body that arrives in pieces of 600 bytes. */
async function readDripping(bytes: Buffer, encoding: 'identity' | 'gzip' = 'identity') {
  let pieces = 0;
  async function* drip() {
    for (let at = 0; at < bytes.length; at += 600) {
      pieces++;
      yield bytes.subarray(at, at + 600);
    }
  }
  const source = readBody(Readable.from(drip()), { contentLength: 0, coding: encoding, signal, limits });
  return { source, pieces: () => pieces };
}

const comments = (count: number) =>
  Buffer.alloc(count * 65_537).fill(Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533)]));
const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } })
  .jpeg()
  .toBuffer();

describe('1 MB in pieces of 600 bytes is looked at a few times', () => {
  beforeEach(() => vi.clearAllMocks());
  test.each<[string, Buffer]>([
    ['a JPEG whose size comes late', Buffer.concat([jpeg.subarray(0, 2), comments(15), jpeg.subarray(2)])],
    ['a JPEG whose size never comes', Buffer.concat([jpeg.subarray(0, 2), comments(15)])],
    [
      'an AVIF without a size',
      Buffer.concat([Buffer.from('\0\0\0\x18ftypavif\0\0\0\0avifmif1', 'latin1'), Buffer.alloc(1_000_000)]),
    ],
    ['a TIFF', Buffer.concat([Buffer.from('II*\0', 'latin1'), Buffer.alloc(1_000_000)])],
    ['an SVG', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${' '.repeat(1_000_000)}</svg>`)],
    [
      'an SVG after a long comment',
      Buffer.from(`<!--${' '.repeat(60_000)}--><svg xmlns="http://www.w3.org/2000/svg">${' '.repeat(900_000)}</svg>`),
    ],
  ])('%s', async (_name, bytes) => {
    const { source, pieces } = await readDripping(bytes);
    await source;
    expect(pieces()).toBeGreaterThan(1500);
    expect(vi.mocked(peekSize).mock.calls.length).toBeLessThan(25);
    expect(vi.mocked(sniff).mock.calls.length).toBeLessThan(25);
  });
  test('gzip is unpacked once while it arrives', async () => {
    const noise = Buffer.from(Uint32Array.from({ length: 250_000 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
    const { source } = await readDripping(gzipSync(Buffer.concat([jpeg, noise])), 'gzip');
    await source;
    expect(vi.mocked(peekSize).mock.calls.length).toBeLessThan(5);
  });
});

test('an image with too long sides ends the download', async () => {
  const header = Buffer.alloc(33);
  header.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  header.writeUInt32BE(4_325_386, 16);
  header.writeUInt32BE(10, 20);
  const { source, pieces } = await readDripping(Buffer.concat([header, Buffer.alloc(1_000_000)]));
  await expect(source).rejects.toThrow(
    expect.objectContaining({ code: 'IMAGE_TOO_LARGE', message: expect.stringContaining('100000 per side') }),
  );
  expect(pieces()).toBeLessThan(40);
});

describe('files that browsers or their servers treat leniently', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const read = async (bytes: Buffer, encoding?: 'gzip') => (await readDripping(bytes, encoding)).source;
  test('an SVG in gzip is unpacked', async () => {
    expect(await read(gzipSync(svg))).toEqual({ bytes: svg, format: 'svg' });
    expect(await read(gzipSync(svg), 'gzip')).toEqual({ bytes: svg, format: 'svg' });
    const long = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${'<g/>'.repeat(100_000)}</svg>`);
    expect((await read(gzipSync(long))).bytes.equals(long)).toBe(true);
  });
  test('another image in gzip is not', async () =>
    expect(read(gzipSync(jpeg))).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' }));
  test('an SVG in gzip that grows is rejected', async () => {
    const bomb = gzipSync(Buffer.concat([svg, Buffer.alloc(limits.sourceMaxBytes, ' ')]));
    await expect(read(bomb)).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
    // With a wrong declared size, too.
    bomb.writeUInt32LE(9, bomb.length - 4);
    await expect(read(bomb)).rejects.toMatchObject({
      code: expect.stringMatching(/SOURCE_TOO_LARGE|SOURCE_UNAVAILABLE/),
    });
  });
  test('a damaged one is rejected', async () =>
    expect(read(gzipSync(svg).subarray(0, 30))).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' }));
  test('white space and a byte order mark before an image are dropped', async () => {
    expect((await read(Buffer.concat([Buffer.from('\ufeff\r\n'), jpeg]))).bytes.equals(jpeg)).toBe(true);
    expect((await read(gzipSync(Buffer.concat([Buffer.from('\n'), jpeg])), 'gzip')).bytes.equals(jpeg)).toBe(true);
  });
});
