import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { collectParts, withoutCompressedText } from '../../../src/image/formats/png.ts';
import { openSource } from '../../../src/image/open.ts';
import { testConfig } from '../../requests.ts';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const chunk = (type: string, data: Buffer) => {
  const named = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), named, u32(crc32(named))]);
};
const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } })
  .png()
  .toBuffer();
const idat = png.indexOf('IDAT') - 4;
const withChunks = (...chunks: Buffer[]) => Buffer.concat([png.subarray(0, idat), ...chunks, png.subarray(idat)]);

const packed = deflateSync(Buffer.alloc(1000, 65));
const zTXt = chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), packed]));
const iTXt = (flag: number, text: Buffer) =>
  chunk('iTXt', Buffer.concat([Buffer.from('a\0'), Buffer.of(flag), Buffer.from('\0\0\0'), text]));
const plain = [iTXt(0, Buffer.from('text')), chunk('tEXt', Buffer.from('a\0b')), chunk('prVt', packed)];

test('compressed text is removed, and nothing else', () => {
  expect(withoutCompressedText(withChunks(zTXt, ...plain, iTXt(1, packed), zTXt))).toEqual(withChunks(...plain));
  expect(withoutCompressedText(Buffer.concat([withChunks(zTXt), Buffer.from('after the end')]))).toEqual(
    Buffer.concat([png, Buffer.from('after the end')]),
  );
});
test('a file without it is not copied', () => {
  const bytes = withChunks(...plain);
  expect(withoutCompressedText(bytes)).toBe(bytes);
});
test('a truncated file stays truncated', () => {
  for (let n = 8; n < png.length; n++) expect(withoutCompressedText(png.subarray(0, n))).toEqual(png.subarray(0, n));
  const bytes = withChunks(zTXt, ...plain);
  expect(withoutCompressedText(bytes.subarray(0, -20))).toEqual(withChunks(...plain).subarray(0, -20));
});
test('the decoder does not see it', async () => {
  const { file } = await openSource({ bytes: withChunks(zTXt), format: 'png' }, undefined, testConfig());
  expect(file).toEqual(png);
});
test('neighbouring parts are one', () => {
  const bytes = Buffer.from('0123456789');
  const parts = collectParts(bytes);
  for (const [from, to] of [
    [0, 2],
    [2, 3],
    [5, 6],
    [6, 6],
    [6, 8],
  ] as const)
    parts.add(from, to);
  expect(parts.concat().toString()).toBe('012567');
});
