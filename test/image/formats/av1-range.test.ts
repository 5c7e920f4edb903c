import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readColourSignal } from '../../../src/image/formats/colour-signal.ts';
import { readHeifItems } from '../../../src/image/formats/heif-items.ts';
import { run } from '../vocabulary/quadrants.ts';

/** Grey from black to white in 16 columns, without chroma. */
const read = (name: string) => readFileSync(new URL(`../../fixtures/avif-grey/${name}.avif`, import.meta.url));

const u16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
const u32 = (...values: number[]) => u16(...values.flatMap((value) => [value >>> 16, value & 0xffff]));
const box = (type: string, ...parts: Buffer[]) => {
  const data = Buffer.concat(parts);
  return Buffer.concat([u32(data.length + 8), Buffer.from(type, 'latin1'), data]);
};

/** Returns the coded image of a file, and its properties without colours. */
function partsOf(file: Buffer) {
  const items = readHeifItems(file);
  const { properties = [], extents = [] } = items?.items.get(items.primaryId) ?? {};
  const [{ start, end } = { start: 0, end: 0 }] = extents;
  const kept = properties.filter(({ type }) => type !== 'colr');
  return {
    data: file.subarray(start, end),
    boxes: kept.map(({ type, start, end }) => box(type, file.subarray(start, end))),
  };
}

/** Returns an AVIF of one coded image, and of another one as its alpha plane, without `nclx`. */
function withAlpha(image: Buffer, plane: Buffer): Buffer {
  const [one, two] = [partsOf(image), partsOf(plane)];
  const auxC = box('auxC', u32(0), Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'));
  const indices = (count: number, first: number) => Array.from({ length: count }, (_, i) => first + i);
  const associate = (id: number, list: number[]) => Buffer.concat([u16(id), Buffer.from([list.length, ...list])]);
  const infe = (id: number) => box('infe', u32(0x02000000), u16(id, 0), Buffer.from('av01\0'));
  const count = one.boxes.length;
  const ipma = [associate(1, indices(count, 1)), associate(2, indices(two.boxes.length + 1, count + 1))];
  const ftyp = box('ftyp', Buffer.from('avif\0\0\0\0avifmif1', 'latin1'));
  const meta = (dataAt: number) => {
    const item = (id: number, at: number, length: number) => Buffer.concat([u16(id, 0, 1), u32(at, length)]);
    const places = [item(1, dataAt, one.data.length), item(2, dataAt + one.data.length, two.data.length)];
    return box(
      'meta',
      u32(0),
      box('hdlr', u32(0, 0), Buffer.from('pict'), u32(0, 0, 0), Buffer.alloc(1)),
      box('pitm', u32(0), u16(1)),
      box('iloc', u32(0), u16(0x4400, 2), ...places),
      box('iinf', u32(0), u16(2), infe(1), infe(2)),
      box('iref', u32(0), box('auxl', u16(2, 1, 1))),
      box('iprp', box('ipco', ...one.boxes, ...two.boxes, auxC), box('ipma', u32(0, 2), ...ipma)),
    );
  };
  return Buffer.concat([ftyp, meta(ftyp.length + meta(0).length + 8), box('mdat', one.data, two.data)]);
}

/** Renames the colours of a file, so that nothing reads them. */
const withoutNclx = (file: Buffer) => {
  const changed = Buffer.from(file);
  changed.write('free', file.indexOf('colrnclx'), 'latin1');
  return changed;
};

/** Returns a channel in the middle of each of 16 columns. */
async function columns(file: Buffer, channel: 0 | 3): Promise<number[]> {
  const { data } = await run(file, { w: 64, f: 'png' });
  const { data: pixels, info } = await sharp(data).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const row = (info.height >> 1) * info.width;
  return Array.from({ length: 16 }, (_, i) => pixels[(row + 4 * i + 2) * 4 + channel] ?? 0);
}

const steps = Array.from({ length: 16 }, (_, i) => 17 * i);
const far = (values: readonly number[]) => Math.max(...values.map((value, i) => Math.abs(value - (steps[i] ?? 0))));

describe('the range of an AVIF without nclx is that of its data', () => {
  test.each([
    ['limited-8', true],
    ['limited-10', true],
    ['full-8', false],
  ])('4:0:0, %s', async (name, isLimited) => {
    const file = withoutNclx(read(name));
    expect(readColourSignal(file, 'avif', false)?.isLimitedRange ?? false).toBe(isLimited);
    expect(far(await columns(file, 0))).toBeLessThan(6);
  });

  test.each([
    ['limited-8', true],
    ['full-8', false],
  ])('alpha, %s', async (name, isLimited) => {
    const file = withAlpha(read('full-8'), read(name));
    expect(readColourSignal(file, 'avif', false)?.isLimitedAlpha ?? false).toBe(isLimited);
    expect(far(await columns(file, 3))).toBeLessThan(6);
  });

  test('a truncated file has full range', () => {
    const file = withAlpha(read('full-8'), read('limited-8'));
    for (let length = 0; length < file.length; length += 5) readColourSignal(file.subarray(0, length), 'avif', false);
  });
});
