/** Finds the fields and parts of image files by format, for mutations that decoders take seriously. Each walk is bounded. */

/** A number in a file that says a length, a count, or a size in pixels. */
export interface Field {
  readonly at: number;
  readonly bytes: 1 | 2 | 4;
  readonly isLittleEndian: boolean;
}

/** A segment, chunk, box or block: bytes from `start` to before `end`. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

export interface Structure {
  readonly fields: readonly Field[];
  readonly parts: readonly Part[];
}

const MAX_PARTS = 200;

const field = (at: number, bytes: Field['bytes'], isLittleEndian = false): Field => ({ at, bytes, isLittleEndian });
const fieldRow = (start: number, count: number, bytes: Field['bytes'], isLittleEndian = false) =>
  Array.from({ length: count }, (_, i) => field(start + i * bytes, bytes, isLittleEndian));

/** Collects parts, each with the fields at its start, until one does not fit before `end`. */
function walk(
  bytes: Buffer,
  start: number,
  partAt: (at: number) => { readonly length: number; readonly fields: readonly Field[] } | undefined,
  end = bytes.length,
): Structure {
  const fields: Field[] = [];
  const parts: Part[] = [];
  for (let at = start; at + 8 <= end && parts.length < MAX_PARTS; ) {
    const part = partAt(at);
    if (!part || part.length < 2 || at + part.length > end) break;
    fields.push(...part.fields);
    parts.push({ start: at, end: at + part.length });
    at += part.length;
  }
  return { fields, parts };
}

const isFrameHeader = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const jpeg = (bytes: Buffer) =>
  walk(bytes, 2, (at) => {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xda) return undefined;
    // Precision, height, width, components; then one component with its sampling.
    const frame = isFrameHeader(marker) ? [field(at + 4, 1), ...fieldRow(at + 5, 2, 2), ...fieldRow(at + 9, 4, 1)] : [];
    return { length: 2 + bytes.readUInt16BE(at + 2), fields: [field(at + 2, 2), ...frame] };
  });

const png = (bytes: Buffer) =>
  walk(bytes, 8, (at) => {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const header = type === 'IHDR' ? [...fieldRow(at + 8, 2, 4), ...fieldRow(at + 16, 5, 1)] : [];
    const animation = /^(?:acTL|fcTL|fdAT)$/.test(type) ? fieldRow(at + 8, 2, 4) : [];
    // Height, place, delay and operations.
    const control =
      type === 'fcTL' ? [...fieldRow(at + 16, 3, 4), ...fieldRow(at + 28, 2, 2), ...fieldRow(at + 32, 2, 1)] : [];
    return { length: 12 + bytes.readUInt32BE(at), fields: [field(at, 4), ...header, ...animation, ...control] };
  });

const webp = (bytes: Buffer) =>
  walk(bytes, 12, (at) => {
    const length = bytes.readUInt32LE(at + 4);
    return { length: 8 + length + (length % 2), fields: [field(at + 4, 4, true), ...fieldRow(at + 8, 5, 2, true)] };
  });

/** Boxes of ISO base media, and those inside of `meta` and its properties. */
function boxes(bytes: Buffer, start = 0, end = bytes.length, depth = 0): Structure {
  const boxAt = (at: number) => ({ length: bytes.readUInt32BE(at), fields: [field(at, 4)] });
  const outer = walk(bytes, start, boxAt, end);
  const inner = outer.parts.map((part): Structure => {
    const type = bytes.toString('latin1', part.start + 4, part.start + 8);
    if (/^(?:ispe|iloc|pixi|ipma|infe|pitm|clap|hvcC|colr|auxC|dimg|thmb|auxl|cdsc)$/.test(type))
      return { fields: fieldRow(part.start + 8, 3, 4), parts: [] };
    if (depth > 3 || !/^(?:meta|iprp|ipco|iinf|iref|moov|trak)$/.test(type)) return { fields: [], parts: [] };
    return boxes(bytes, part.start + (/^(?:meta|iref)$/.test(type) ? 12 : 8), part.end, depth + 1);
  });
  const all = [outer, ...inner];
  return {
    fields: all.flatMap(({ fields }) => fields).slice(0, 10 * MAX_PARTS),
    parts: all.flatMap(({ parts }) => parts).slice(0, MAX_PARTS),
  };
}

/** The screen, and each image descriptor and extension block that is found by its first byte. */
function gif(bytes: Buffer): Structure {
  const starts: number[] = [];
  for (let at = 13; at < bytes.length && starts.length < MAX_PARTS; at++)
    if (bytes[at] === 0x2c || bytes[at] === 0x21) starts.push(at);
  return {
    fields: [...fieldRow(6, 2, 2, true), field(10, 1), ...starts.flatMap((at) => fieldRow(at + 1, 4, 2, true))],
    parts: starts.slice(1).map((end, i) => ({ start: starts[i] ?? 0, end })),
  };
}

/** The first directory: its count, and type, count and value of each entry. */
function tiff(bytes: Buffer): Structure {
  const isLittleEndian = bytes[0] === 0x49;
  const at = isLittleEndian ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  if (at + 2 > bytes.length) return { fields: [field(4, 4, isLittleEndian)], parts: [] };
  const count = Math.min(40, isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const entries = Array.from({ length: count }, (_, i) => at + 2 + 12 * i);
  return {
    fields: [
      field(4, 4, isLittleEndian),
      field(at, 2, isLittleEndian),
      ...entries.flatMap((entry) => [
        field(entry + 2, 2, isLittleEndian),
        ...fieldRow(entry + 4, 2, 4, isLittleEndian),
      ]),
    ],
    parts: entries.map((start) => ({ start, end: start + 12 })),
  };
}

/** The fields of a header of Windows, at an offset: sides, bits, compression, colours, masks, profile. */
const bitmapFields = (at: number): Field[] => [
  ...fieldRow(at, 3, 4, true),
  ...fieldRow(at + 12, 2, 2, true),
  ...fieldRow(at + 16, 10, 4, true),
  ...fieldRow(at + 112, 2, 4, true),
];

/** Cuts bytes into parts of two bytes, the codes of RLE, and further ones of a sixteenth. */
function slices(start: number, end: number): Part[] {
  const step = Math.max(2, Math.ceil((end - start) / 16));
  return Array.from({ length: 16 }, (_, i) => start + i * step)
    .flatMap((from) => [
      { start: from, end: from + 2 },
      { start: from, end: from + step },
    ])
    .filter((part) => part.end <= end);
}

const bmp = (bytes: Buffer): Structure => {
  const pixels = Math.min(Math.max(bytes.readUInt32LE(10), 26), bytes.length);
  return {
    fields: [field(2, 4, true), field(10, 4, true), ...bitmapFields(14)],
    parts: [{ start: 26, end: pixels }, ...slices(pixels, bytes.length)].filter(({ start, end }) => end > start),
  };
};

/** The directory of an icon, and the headers of its images. */
function ico(bytes: Buffer): Structure {
  const entries = Array.from({ length: Math.min(16, bytes.readUInt16LE(4)) }, (_, i) => 6 + 16 * i).filter(
    (at) => at + 16 <= bytes.length,
  );
  const images = entries.map((at) => bytes.readUInt32LE(at + 12)).filter((at) => at < bytes.length);
  return {
    fields: [
      field(4, 2, true),
      ...entries.flatMap((at) => [
        ...fieldRow(at, 4, 1),
        ...fieldRow(at + 4, 2, 2, true),
        ...fieldRow(at + 8, 2, 4, true),
      ]),
      ...images.flatMap(bitmapFields),
    ],
    parts: [
      ...entries.map((start) => ({ start, end: start + 16 })),
      ...images.flatMap((start) => slices(start, bytes.length)),
    ],
  };
}

/** Finds the structure of a file; none of a format without one, such as SVG. */
export function structureOf(bytes: Buffer): Structure {
  const head = bytes.toString('latin1', 0, 12);
  const readers: readonly (readonly [RegExp, (bytes: Buffer) => Structure])[] = [
    [/^\xff\xd8/, jpeg],
    [/^\x89PNG/, png],
    [/^RIFF.{4}WEBP/s, webp],
    [/^.{4}ftyp/s, (file) => boxes(file)],
    [/^GIF8/, gif],
    [/^(?:II\*\0|MM\0\*)/, tiff],
    [/^BM/, bmp],
    [/^\0\0[\x01\x02]\0/, ico],
  ];
  const [, reader] = readers.find(([magic]) => magic.test(head)) ?? [];
  const found = reader && bytes.length >= 16 ? reader(bytes) : { fields: [], parts: [] };
  return { ...found, fields: found.fields.filter(({ at, bytes: size }) => at + size <= bytes.length) };
}
