import { expect, test } from 'vitest';
import { sniff } from '../../../src/image/formats/sniff.ts';
import {
  acceptHeader,
  assertEnabled,
  describeFormats,
  readFormats,
  SUPPORTED_INPUTS,
  sourceFormats,
} from '../../../src/image/formats/source-formats.ts';

const on = { sourceSvg: 'on', sourceHeic: 'on' } as const;
const off = { sourceSvg: 'off', sourceHeic: 'off' } as const;

test('Accept names what is read, in the order of the table, and not what is switched off', () => {
  expect(acceptHeader(on)).toBe(
    'image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/tiff,image/bmp,image/vnd.microsoft.icon,image/heic,*/*;q=0.1',
  );
  expect(acceptHeader(off)).not.toMatch(/svg|heic/);
  for (const settings of [on, off])
    expect(acceptHeader(settings).split(',')).toHaveLength(readFormats(settings).length + 1);
});

test('messages name every format once', () => {
  for (const [, { name }] of sourceFormats)
    expect(SUPPORTED_INPUTS.replace(/\(.*?\)/g, '').split(name)).toHaveLength(2);
  expect(() => sniff(Buffer.from('%PDF-1.4'), true)).toThrowError(`PDF is not supported. ${SUPPORTED_INPUTS}`);
});

test('a format that is switched off is an error that names the variable', () => {
  expect(() => assertEnabled('svg', off)).toThrowError('SOURCE_SVG=off');
  expect(() => assertEnabled('heic', off)).toThrowError('set SOURCE_HEIC=on');
  for (const format of ['svg', 'heic'] as const) expect(() => assertEnabled(format, on)).not.toThrow();
  expect(() => assertEnabled('png', off)).not.toThrow();
});

test('f=json says which are read', () => {
  expect(describeFormats(off)).toContainEqual(
    expect.objectContaining({ format: 'svg', enabled: false, setting: 'SOURCE_SVG' }),
  );
  expect(describeFormats(off)).toContainEqual(
    expect.objectContaining({ format: 'avif', enabled: true, types: ['image/avif'], msPerMegapixel: 280 }),
  );
});

test.each(sourceFormats)('the first bytes of %s say no other format', (format, { magic }) => {
  if (!magic) return;
  const others = sourceFormats.filter(([name]) => name !== format);
  const examples: Readonly<Record<string, string>> = {
    jpeg: '\xff\xd8\xff\xe0',
    png: '\x89PNG\r\n\x1a\n',
    gif: 'GIF89a',
    webp: 'RIFF\0\0\0\0WEBPVP8 ',
    tiff: 'MM\0*\0\0\0\x08',
    bmp: 'BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0',
    ico: '\0\0\x01\0\x01\0',
  };
  const example = (examples[format] ?? '').padEnd(64, '\0');
  if (examples[format]) expect(sniff(Buffer.from(example, 'latin1'), true)).toBe(format);
  for (const [, other] of others) expect(other.magic?.test(example) ?? false).toBe(false);
});
