/**
 * Finds the HDR gain map of a JPEG: a second JPEG after its end, listed in a multi-picture index (CIPA DC-007), with metadata by
 * ISO 21496-1 or Adobe's XMP namespace `hdrgm`, as Android's Ultra HDR has both. Pure.
 */
import type { Size } from '../size.ts';
import { type JpegFile, parseJpeg } from './jpeg.ts';
import { dataOf, isStartOfFrame, type JpegSegment } from './jpeg-segments.ts';

/** A gain map in its file. */
export interface GainMapFile extends Size {
  /** The gain map as a JPEG of its own. */
  readonly bytes: Buffer;
  readonly channels: number;
  /** Segments that say how the map is applied: they stay the same when it is scaled. */
  readonly metadata: readonly Buffer[];
  /** The segment by which the primary image announces metadata of ISO 21496-1; undefined without one. */
  readonly isoVersion: Buffer | undefined;
}

const APP1 = 0xe1;
const APP2 = 0xe2;
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const ISO = 'urn:iso:std:iso:ts:21496:-1\0';
const MPF = 'MPF\0';
/** Tag of the list of images, each with its attributes, size and offset in 16 bytes. */
const MP_ENTRIES = 0xb002;
/** Images of an index that are looked at: cameras write a preview or two beside the map. */
const MAX_IMAGES = 8;
/** Bytes of metadata of ISO 21496-1 in the primary image: two versions, and nothing of the map. */
const VERSION_BYTES = 4;

const startsWith = (data: Buffer, name: string) => data.toString('latin1', 0, name.length) === name;

/** Returns the offsets and lengths that a multi-picture index lists; an empty list for a damaged index. */
function indexedImages(bytes: Buffer, segment: JpegSegment): { readonly start: number; readonly length: number }[] {
  // Offsets count from the byte order mark.
  const base = segment.start + 8;
  const isLittleEndian = bytes[base] === 0x49;
  const read = (at: number, size: 2 | 4) => {
    if (at + size > Math.min(segment.end, bytes.length)) return 0;
    return isLittleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
  };
  const directory = base + read(base + 4, 4);
  for (let i = 0; i < Math.min(read(directory, 2), 16); i++) {
    const entry = directory + 2 + 12 * i;
    if (read(entry, 2) !== MP_ENTRIES) continue;
    const list = base + read(entry + 8, 4);
    const count = Math.min(MAX_IMAGES, Math.floor(read(entry + 4, 4) / 16));
    return Array.from({ length: count }, (_, image) => ({
      length: read(list + 16 * image + 4, 4),
      start: base + read(list + 16 * image + 8, 4),
    })).filter(({ start, length }) => start > base && length > 0 && start + length <= bytes.length);
  }
  return [];
}

/** Returns a segment with its marker, if it has metadata of a gain map. */
function gainMapMetadata(bytes: Buffer, segment: JpegSegment): Buffer | undefined {
  const data = dataOf(bytes, segment);
  const isXmp = segment.marker === APP1 && startsWith(data, XMP) && data.includes('hdrgm:');
  const isIso = segment.marker === APP2 && startsWith(data, ISO) && data.length > ISO.length + VERSION_BYTES;
  return isXmp || isIso ? Buffer.from(bytes.subarray(segment.start, segment.end)) : undefined;
}

/** Reads a JPEG as a gain map. */
function readGainMap(bytes: Buffer): Omit<GainMapFile, 'isoVersion'> | undefined {
  if (!startsWith(bytes, '\xff\xd8\xff')) return undefined;
  const { headerSegments, scans, hasEoi } = parseJpeg(bytes, 32);
  const frame = headerSegments.find(({ marker }) => isStartOfFrame(marker));
  const metadata = headerSegments.flatMap((segment) => gainMapMetadata(bytes, segment) ?? []);
  if (!frame || frame.start + 10 > bytes.length || !metadata.length || !scans || scans > 32 || !hasEoi)
    return undefined;
  const [height, width] = [bytes.readUInt16BE(frame.start + 5), bytes.readUInt16BE(frame.start + 7)];
  const channels = bytes[frame.start + 9] ?? 0;
  return width && height && (channels === 1 || channels === 3)
    ? { bytes, width, height, channels, metadata }
    : undefined;
}

/**
 * Finds the gain map of a JPEG.
 *
 * @param jpeg the structure of the primary image
 * @returns undefined if there is none, or its metadata are of neither kind, as of Apple's own
 * @throws ImageError IMAGE_TOO_LARGE if the map has too many parts, see `bounds.ts`
 */
export function findGainMap(bytes: Buffer, { headerSegments }: JpegFile): GainMapFile | undefined {
  const named = (name: string) =>
    headerSegments.find((segment) => segment.marker === APP2 && startsWith(dataOf(bytes, segment), name));
  const index = named(MPF);
  if (!index) return undefined;
  for (const { start, length } of indexedImages(bytes, index)) {
    const found = readGainMap(bytes.subarray(start, start + length));
    const version = named(ISO);
    if (found) return { ...found, isoVersion: version && Buffer.from(bytes.subarray(version.start, version.end)) };
  }
  return undefined;
}

/** Builds a segment. */
function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** XMP of the primary image (Ultra HDR 1.1): it has a map, which is the second item of its container. */
const containerXmp = (length: number) =>
  `${XMP}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0"><Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="${length}"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** Builds a multi-picture index of two images. @param mapOffset of the second, from the byte order mark of the index */
function multiPictureIndex(primaryLength: number, mapLength: number, mapOffset: number): Buffer {
  const index = Buffer.alloc(86);
  index.write('MPF\0MM\0*', 'latin1');
  const [entry, list] = [14, 54];
  index.writeUInt32BE(8, 8);
  index.writeUInt16BE(3, 12);
  const write = (i: number, tag: number, type: number, count: number, value: number) => {
    index.writeUInt16BE(tag, entry + 12 * i);
    index.writeUInt16BE(type, entry + 12 * i + 2);
    index.writeUInt32BE(count, entry + 12 * i + 4);
    index.writeUInt32BE(value, entry + 12 * i + 8);
  };
  // Version 0100, two images, and the offset of their list from the byte order mark.
  write(0, 0xb000, 7, 4, 0x30313030);
  write(1, 0xb001, 4, 1, 2);
  write(2, MP_ENTRIES, 7, 32, list - 4);
  // The primary image, in JPEG; the other one has no attributes.
  index.writeUInt32BE(0x030000, list);
  index.writeUInt32BE(primaryLength, list + 4);
  index.writeUInt32BE(mapLength, list + 20);
  index.writeUInt32BE(mapOffset, list + 24);
  return segment(APP2, index);
}

/** Returns the header segments of a JPEG that come first: JFIF and EXIF. */
const isLeading = (bytes: Buffer, one: JpegSegment) =>
  one.marker === 0xe0 || (one.marker === APP1 && startsWith(dataOf(bytes, one), 'Exif\0\0'));

/**
 * Returns a JPEG with a gain map after it. Decoders that do not know gain maps see the JPEG. XMP of its own is replaced: there can
 * be only one.
 *
 * @param primary from our encoder
 * @param map a JPEG without metadata
 * @param file the map in the source, whose metadata it gets
 */
export function attachGainMap(primary: Buffer, map: Buffer, { metadata, isoVersion }: GainMapFile): Buffer {
  const wholeMap = Buffer.concat([map.subarray(0, 2), ...metadata, map.subarray(2)]);
  const { headerSegments } = parseJpeg(primary, 32);
  const leading = headerSegments.filter((one) => isLeading(primary, one));
  const others = headerSegments.filter(
    (one) => !leading.includes(one) && !(one.marker === APP1 && startsWith(dataOf(primary, one), XMP)),
  );
  const bytesOf = (one: JpegSegment) => primary.subarray(one.start, one.end);
  const hasXmp = metadata.some((one) => one[1] === APP1);
  const before = Buffer.concat([
    primary.subarray(0, 2),
    ...leading.map(bytesOf),
    ...(hasXmp ? [segment(APP1, Buffer.from(containerXmp(wholeMap.length), 'latin1'))] : []),
    ...(isoVersion ? [isoVersion] : []),
  ]);
  const after = Buffer.concat([...others.map(bytesOf), primary.subarray(headerSegments.at(-1)?.end ?? 2)]);
  const indexLength = 90;
  const primaryLength = before.length + indexLength + after.length;
  // The byte order mark is the ninth byte of the segment.
  const index = multiPictureIndex(primaryLength, wholeMap.length, primaryLength - before.length - 8);
  return Buffer.concat([before, index, after, wholeMap]);
}

/**
 * Returns XMP without what it says of a gain map, which is not in the output any more.
 *
 * @returns undefined if something of it would be left
 */
export function withoutGainMapXmp(xmp: string): string | undefined {
  if (!/hdrgm:|Container:|HDRGainMap/.test(xmp)) return xmp;
  const rest = xmp
    .replace(/<(Container:Directory|hdrgm:\w+)\b[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/\s(?:xmlns:)?(?:hdrgm|Container|Item)(?::\w+)?="[^"]*"/g, '');
  return /hdrgm|Container|HDRGainMap/.test(rest) ? undefined : rest;
}
