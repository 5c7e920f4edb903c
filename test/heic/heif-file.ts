/** Writes HEIC files around the bitstreams of `test/fixtures/heic`: grids, transforms, thumbnails, profiles, metadata. */
import { readFileSync } from 'node:fs';
import { readHeifItems } from '../../src/image/formats/heif-items.ts';

export const fixture = (name: string) => readFileSync(new URL(`../fixtures/heic/${name}`, import.meta.url));

const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};

export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([u32(content.length + 8), Buffer.from(type, 'latin1'), content]);
}
const fullBox = (type: string, version: number, flags: number, ...parts: readonly Buffer[]) =>
  box(type, u32(version * 2 ** 24 + flags), ...parts);

export const ispe = (width: number, height: number) => fullBox('ispe', 0, 0, u32(width), u32(height));
/** @param turns anticlockwise, by 90° */
export const irot = (turns: number) => box('irot', Buffer.from([turns]));
/** @param mode 0 exchanges top and bottom, 1 left and right */
export const imir = (mode: number) => box('imir', Buffer.from([mode]));
/** Width, height, and offsets from the centre, each as numerator and denominator. */
export const clap = (...fractions: readonly number[]) => box('clap', ...fractions.map(u32));
export const profile = (icc: Buffer) => box('colr', Buffer.from('prof'), icc);
export const nclx = (primaries: number, transfer: number, matrix: number) =>
  box('colr', Buffer.from('nclx'), u16(primaries), u16(transfer), u16(matrix), Buffer.from([0x80]));
export const auxC = (urn: string) => fullBox('auxC', 0, 0, Buffer.from(`${urn}\0`));

export interface Item {
  readonly type: string;
  readonly data: Buffer;
  readonly properties?: readonly Buffer[];
  /** Type and ids of the items that this one refers to. Ids are those of the list, from 1. */
  readonly references?: readonly (readonly [type: string, ids: readonly number[]])[];
}

/** Returns the primary image of a fixture: its bitstream, and the configuration of its decoder. */
export function coded(name: string): {
  readonly data: Buffer;
  readonly hvcC: Buffer;
  readonly icc: Buffer | undefined;
} {
  const bytes = fixture(name);
  const file = readHeifItems(bytes);
  const item = file?.items.get(file.primaryId);
  const find = (type: string) => item?.properties.find((property) => property.type === type);
  const [extent, hvcC, colr] = [item?.extents?.[0], find('hvcC'), find('colr')];
  if (!extent || !hvcC) throw new Error(`${name} has no coded image`);
  return {
    data: bytes.subarray(extent.start, extent.end),
    hvcC: bytes.subarray(hvcC.start - 8, hvcC.end),
    icc: colr && bytes.subarray(colr.start + 4, colr.end),
  };
}

/** Returns an item with the image of a fixture. */
export function image(name: string, width: number, height: number, ...properties: readonly Buffer[]): Item {
  const { data, hvcC } = coded(name);
  return { type: 'hvc1', data, properties: [hvcC, ispe(width, height), ...properties] };
}

/** Returns an item that combines others. */
export const grid = (
  [rows, columns]: readonly [number, number],
  [width, height]: readonly [number, number],
  tiles: readonly number[],
  ...properties: readonly Buffer[]
): Item => ({
  type: 'grid',
  data: Buffer.concat([Buffer.from([0, 0, rows - 1, columns - 1]), u16(width), u16(height)]),
  properties: [ispe(width, height), ...properties],
  references: [['dimg', tiles]],
});

/** Writes a file whose items have the ids 1, 2, 3 and so on. @param primary id */
export function heif(items: readonly Item[], primary = 1): Buffer {
  const ftyp = box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('mif1heic'));
  // Each once: libheif reads at most 100.
  const properties = new Map(
    items.flatMap((item) => item.properties ?? []).map((bytes) => [bytes.toString('latin1'), bytes]),
  );
  const names = [...properties.keys()];
  const ipma = items.map((item, i) => {
    const indices = (item.properties ?? []).map((bytes) => u16(0x8001 + names.indexOf(bytes.toString('latin1'))));
    return Buffer.concat([u16(i + 1), Buffer.from([indices.length]), ...indices]);
  });
  const iref = items.flatMap((item, i) =>
    (item.references ?? []).map(([type, ids]) => box(type, u16(i + 1), u16(ids.length), ...ids.map(u16))),
  );
  const infe = items.map(({ type }, i) =>
    fullBox('infe', 2, 0, u16(i + 1), u16(0), Buffer.from(type, 'latin1'), Buffer.from('\0')),
  );
  const metaOf = (dataAt: number) => {
    let at = dataAt;
    const iloc = items.map(({ data }, i) => {
      const entry = Buffer.concat([u16(i + 1), u16(0), u16(1), u32(at), u32(data.length)]);
      at += data.length;
      return entry;
    });
    return fullBox(
      'meta',
      0,
      0,
      fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, 0, u16(primary)),
      fullBox('iloc', 0, 0, u16(0x4400), u16(items.length), ...iloc),
      fullBox('iinf', 0, 0, u16(items.length), ...infe),
      box('iprp', box('ipco', ...properties.values()), fullBox('ipma', 0, 1, u32(items.length), ...ipma)),
      ...(iref.length ? [fullBox('iref', 0, 0, ...iref)] : []),
    );
  };
  const dataAt = ftyp.length + metaOf(0).length + 8;
  return Buffer.concat([ftyp, metaOf(dataAt), box('mdat', ...items.map(({ data }) => data))]);
}
