/** Reads the items of a HEIF file: their types, properties, references and places (ISO 14496-12, 8.11; ISO 23008-12, 9.3). Pure. */
import { MAX, tooMany } from './bounds.ts';
import { type Box, boxesIn, findBox } from './boxes.ts';

/** Bytes of the file, or of the box `idat`. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

/** One item: an image, a tile of it, metadata. */
export interface HeifItem {
  readonly id: number;
  /** Four characters: `hvc1`, `grid`, `Exif`. */
  readonly type: string;
  /** In the order of their association, in which transforms are applied. */
  readonly properties: readonly Box[];
  /** Where its data is; undefined if that is not in the file itself. */
  readonly extents: readonly Extent[] | undefined;
}

/** A reference from an item to others: `thmb` from a thumbnail to its image, `dimg` from a grid to its tiles. */
interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

export interface HeifItems {
  readonly primaryId: number;
  readonly items: ReadonlyMap<number, HeifItem>;
  readonly references: readonly Reference[];
}

/** Reads big-endian integers one after another. @throws RangeError behind its end */
function createReader(bytes: Buffer, { start, end }: Pick<Box, 'start' | 'end'>) {
  let at = start;
  return {
    /** @param length 0 to 8 bytes; 0 reads 0 */
    uint(length: number): number {
      if (at + length > end) throw new RangeError('a box is cut short');
      at += length;
      if (length === 0) return 0;
      return length > 6 ? Number(bytes.readBigUInt64BE(at - 8)) : bytes.readUIntBE(at - length, length);
    },
    text(length: number): string {
      if (at + length > end) throw new RangeError('a box is cut short');
      at += length;
      return bytes.toString('latin1', at - length, at);
    },
    isAtEnd: () => at >= end,
  };
}

/** Returns a function that takes a count of entries, and refuses it once all of one list are too many. */
function createCounter(): (count: number) => number {
  let total = 0;
  return (count) => {
    total += count;
    if (total > MAX.heifEntries) throw tooMany('HEIF entries', MAX.heifEntries);
    return count;
  };
}

/** Reads the types of all items. */
function readTypes(bytes: Buffer, iinf: Box): Map<number, string> {
  const types = new Map<number, string>();
  const entriesAt = iinf.start + ((bytes[iinf.start] ?? 0) === 0 ? 6 : 8);
  for (const box of boxesIn(bytes, entriesAt, iinf.end)) {
    const version = bytes[box.start] ?? 0;
    if (box.type !== 'infe' || version < 2) continue;
    const reader = createReader(bytes, { ...box, start: box.start + 4 });
    const id = reader.uint(version === 2 ? 2 : 4);
    reader.uint(2);
    types.set(id, reader.text(4));
  }
  return types;
}

/** Reads which properties each item has. */
function readProperties(bytes: Buffer, iprp: Box): Map<number, Box[]> {
  const ipco = findBox(bytes, 'ipco', iprp.start, iprp.end);
  const all = ipco ? [...boxesIn(bytes, ipco.start, ipco.end)] : [];
  const properties = new Map<number, Box[]>();
  const counted = createCounter();
  for (const box of boxesIn(bytes, iprp.start, iprp.end)) {
    if (box.type !== 'ipma') continue;
    const reader = createReader(bytes, box);
    const version = reader.uint(1);
    const indexBytes = reader.uint(3) & 1 ? 2 : 1;
    for (let left = counted(reader.uint(4)); left > 0; left--) {
      const id = reader.uint(version < 1 ? 2 : 4);
      const indices = Array.from({ length: counted(reader.uint(1)) }, () => reader.uint(indexBytes));
      const mask = indexBytes === 1 ? 0x7f : 0x7fff;
      properties.set(
        id,
        indices.flatMap((index) => all[(index & mask) - 1] ?? []),
      );
    }
  }
  return properties;
}

function readReferences(bytes: Buffer, iref: Box): Reference[] {
  const idBytes = (bytes[iref.start] ?? 0) === 0 ? 2 : 4;
  const counted = createCounter();
  return [...boxesIn(bytes, iref.start + 4, iref.end)].map((box) => {
    const reader = createReader(bytes, box);
    const from = reader.uint(idBytes);
    const to = Array.from({ length: counted(reader.uint(2)) }, () => reader.uint(idBytes));
    return { type: box.type, from, to };
  });
}

/** Reads where the data of each item is. */
function readExtents(bytes: Buffer, iloc: Box): Map<number, Extent[]> {
  const reader = createReader(bytes, iloc);
  const version = reader.uint(1);
  reader.uint(3);
  const sizes = reader.uint(2);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version > 0 ? sizes & 15 : 0;
  const extents = new Map<number, Extent[]>();
  const counted = createCounter();
  for (let left = counted(reader.uint(version < 2 ? 2 : 4)); left > 0; left--) {
    const id = reader.uint(version < 2 ? 2 : 4);
    const method = version > 0 ? reader.uint(2) & 15 : 0;
    reader.uint(2);
    const base = reader.uint(baseBytes);
    const parts = Array.from({ length: counted(reader.uint(2)) }, () => {
      reader.uint(indexBytes);
      const start = base + reader.uint(offsetBytes);
      const length = reader.uint(lengthBytes);
      return { start, end: length ? start + length : bytes.length };
    });
    if (method === 0) extents.set(id, parts);
  }
  return extents;
}

/**
 * Reads all items.
 *
 * @returns undefined if the file has none, or no primary item
 * @throws RangeError if a box is cut short
 * @throws ImageError IMAGE_TOO_LARGE above the counts of `bounds.ts`
 */
export function readHeifItems(bytes: Buffer): HeifItems | undefined {
  const meta = findBox(bytes, 'meta');
  if (!meta) return undefined;
  const boxes = new Map([...boxesIn(bytes, meta.start + 4, meta.end)].map((box) => [box.type, box]));
  const [pitm, iinf, iprp, iref, iloc] = ['pitm', 'iinf', 'iprp', 'iref', 'iloc'].map((type) => boxes.get(type));
  if (!pitm || !iinf) return undefined;
  const reader = createReader(bytes, pitm);
  const primaryId = reader.uint(4) >>> 24 ? reader.uint(4) : reader.uint(2);
  const properties = iprp && readProperties(bytes, iprp);
  const extents = iloc && readExtents(bytes, iloc);
  const items = new Map(
    [...readTypes(bytes, iinf)].map(([id, type]) => [
      id,
      { id, type, properties: properties?.get(id) ?? [], extents: extents?.get(id) },
    ]),
  );
  return { primaryId, items, references: iref ? readReferences(bytes, iref) : [] };
}
