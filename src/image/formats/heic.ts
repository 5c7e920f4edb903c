/** Reads the header of a HEIC: what a plan needs before the pixels are decoded (ISO 23008-12). Pure. */
import { ImageError } from '../../errors.ts';
import { area, type Rect, type Size } from '../size.ts';
import { MAX, tooMany } from './bounds.ts';
import type { Box } from './boxes.ts';
import { decodeError } from './decode-error.ts';
import { type HeifItem, type HeifItems, readHeifItems } from './heif-items.ts';

/**
 * A property `clap` (clean aperture), and the size that it must get to crop nothing. The decoder refuses apertures that are much
 * smaller than the image, since it takes the cropped size for the maximum of the coded one.
 */
interface Aperture extends Size {
  /** Offset of its numbers in the file. */
  readonly at: number;
}

/** An image of a file as it is shown, upright and cropped: the primary one, or a thumbnail of it. */
export interface HeicImage extends Size {
  readonly id: number;
  /** The size of the upright image before it is cropped, and what of it is shown. */
  readonly uncropped: Size;
  readonly crop: Rect;
  readonly apertures: readonly Aperture[];
  /** Bits of a sample: 8, 10 or 12. */
  readonly bits: number;
  readonly hasAlpha: boolean;
  /** The embedded profile; undefined if colours are described by numbers, or not at all. */
  readonly icc: Buffer | undefined;
}

export interface HeicFile {
  readonly primary: HeicImage;
  /** Smaller versions of the whole primary image, the smallest first. */
  readonly thumbnails: readonly HeicImage[];
  /** The EXIF block, beginning with its TIFF header. */
  readonly exif: Buffer | undefined;
}

const corrupt = (reason: string) => decodeError(new Error(reason));

/** Types of items whose pixels are computed from those of others. */
const DERIVED = ['grid', 'iovl', 'iden'];
/** Maximum items between a derived image and its pixels. */
const MAX_DEPTH = 4;
/** Maximum thumbnails that are looked at: files have one or two. */
const MAX_THUMBNAILS = 8;
/** Types of an auxiliary image that is an alpha plane (ISO 23008-12, 6.6.2.1.1; ISO 23091-2). */
const ALPHA = ['urn:mpeg:hevc:2015:auxid:1', 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha'];

/** Returns the items to which an item refers, or which refer to it. */
const targetsOf = ({ references }: HeifItems, type: string, id: number) =>
  references.filter((reference) => reference.type === type && reference.from === id).flatMap(({ to }) => to);
const sourcesOf = ({ references }: HeifItems, type: string, id: number) =>
  references.filter((reference) => reference.type === type && reference.to.includes(id)).map(({ from }) => from);

/** Reads a signed or unsigned fraction. */
const fractionAt = (bytes: Buffer, at: number, isSigned: boolean) =>
  (isSigned ? bytes.readInt32BE(at) : bytes.readUInt32BE(at)) / bytes.readUInt32BE(at + 4);

/** Computes the part of a side that a clean aperture keeps: its centre is off that of the image. @param at of the length; the offset follows 16 bytes after it */
function croppedSide(bytes: Buffer, at: number, side: number): { readonly start: number; readonly length: number } {
  const length = fractionAt(bytes, at, false);
  const first = Math.floor(fractionAt(bytes, at + 16, true) + (side - length) / 2);
  const start = Math.max(0, first);
  const end = Math.min(side, first + Math.round(length));
  if (!(end > start)) throw corrupt('a clean aperture without pixels');
  return { start, length: end - start };
}

/** An image and the part of it that is shown. */
interface Geometry {
  readonly uncropped: Size;
  readonly crop: Rect;
  readonly apertures: readonly Aperture[];
}

/** Crops what is shown by a property `clap`. */
function applyClap(bytes: Buffer, { start }: Box, { uncropped, crop, apertures }: Geometry): Geometry {
  const [x, y] = [croppedSide(bytes, start, crop.width), croppedSide(bytes, start + 8, crop.height)];
  return {
    uncropped,
    crop: { left: crop.left + x.start, top: crop.top + y.start, width: x.length, height: y.length },
    apertures: [...apertures, { at: start, ...uncropped }],
  };
}

/** Rotates anticlockwise by 90°. */
const rotate = ({ uncropped: { width, height }, crop, apertures }: Geometry): Geometry => ({
  uncropped: { width: height, height: width },
  crop: { left: crop.top, top: width - crop.left - crop.width, width: crop.height, height: crop.width },
  apertures,
});

/** @param mode 0 exchanges top and bottom, 1 left and right */
function mirror({ uncropped, crop, apertures }: Geometry, mode: number): Geometry {
  const left = mode ? uncropped.width - crop.left - crop.width : crop.left;
  const top = mode ? crop.top : uncropped.height - crop.top - crop.height;
  return { uncropped, crop: { ...crop, left, top }, apertures };
}

/** Applies the transforms of an item to its size (`ispe`), in their order. */
function readGeometry(bytes: Buffer, properties: readonly Box[]): Geometry {
  const ispe = properties.find(({ type }) => type === 'ispe');
  if (!ispe) throw corrupt('an image without ispe');
  const size = { width: bytes.readUInt32BE(ispe.start + 4), height: bytes.readUInt32BE(ispe.start + 8) };
  if (!(size.width >= 1 && size.height >= 1)) throw corrupt('an image without pixels');
  let geometry: Geometry = { uncropped: size, crop: { left: 0, top: 0, ...size }, apertures: [] };
  for (const property of properties) {
    const value = bytes.readUInt8(property.start) & 3;
    if (property.type === 'clap') geometry = applyClap(bytes, property, geometry);
    if (property.type === 'irot') for (let i = 0; i < value; i++) geometry = rotate(geometry);
    if (property.type === 'imir') geometry = mirror(geometry, value & 1);
  }
  return geometry;
}

/** Returns the HEVC item in which the pixels of an item begin: the item itself, or the first tile of a grid. */
function codedItem(file: HeifItems, item: HeifItem, depth = 0): HeifItem {
  if (item.type === 'hvc1') return item;
  const [first = -1] = targetsOf(file, 'dimg', item.id);
  const next = file.items.get(first);
  if (DERIVED.includes(item.type) && next && depth < MAX_DEPTH) return codedItem(file, next, depth + 1);
  throw new ImageError('SOURCE_UNSUPPORTED', 'The source is a HEIF file without HEVC: only HEIC is supported of them.');
}

/** Returns the HEVC items of an image: itself, or the tiles of its grid. */
function codedItems(file: HeifItems, item: HeifItem): readonly HeifItem[] {
  const tiles = targetsOf(file, 'dimg', item.id).flatMap((id) => file.items.get(id) ?? []);
  return [item, ...tiles].filter(({ type }) => type === 'hvc1');
}

/**
 * Checks the NAL units of an image, which the decoder does not: it shows a file whose end is missing or filled with zeros as
 * grey. Units follow one another up to the end of the item, and their last byte is not zero (ITU-T H.265, 7.4.2.1).
 *
 * @param max number of units
 * @returns how many there are
 * @throws ImageError IMAGE_CORRUPT; IMAGE_TOO_LARGE
 */
function checkUnits(bytes: Buffer, { properties, extents = [] }: HeifItem, max: number): number {
  const config = properties.find(({ type }) => type === 'hvcC');
  const [extent, ...others] = extents;
  // Parts of a unit may be in several places: left to the decoder.
  if (!config || !extent || others.length) return 0;
  const lengthBytes = (bytes.readUInt8(config.start + 21) & 3) + 1;
  let count = 0;
  for (let at = extent.start; at + lengthBytes <= extent.end; count++) {
    const end = at + lengthBytes + bytes.readUIntBE(at, lengthBytes);
    // Zeros after the last unit.
    if (end === at + lengthBytes && count > 0) return count;
    if (end > extent.end || bytes[end - 1] === 0) throw corrupt('a NAL unit is not complete');
    if (count >= max) throw tooMany('NAL units', MAX.heifEntries);
    at = end;
  }
  if (count === 0) throw corrupt('an image without NAL units');
  return count;
}

function isAlpha(bytes: Buffer, item: HeifItem | undefined): boolean {
  const box = item?.properties.find(({ type }) => type === 'auxC');
  return box !== undefined && ALPHA.includes(bytes.toString('latin1', box.start + 4, box.end).replace(/\0[\s\S]*/, ''));
}

function readImage(bytes: Buffer, file: HeifItems, item: HeifItem): HeicImage {
  const config = codedItem(file, item).properties.find(({ type }) => type === 'hvcC');
  if (!config) throw corrupt('an image without hvcC');
  const profile = item.properties.find(
    ({ type, start }) => type === 'colr' && /^(?:prof|rICC)$/.test(bytes.toString('latin1', start, start + 4)),
  );
  const geometry = readGeometry(bytes, item.properties);
  return {
    id: item.id,
    width: geometry.crop.width,
    height: geometry.crop.height,
    ...geometry,
    // Those of luma, and of chroma, which may have more.
    bits: 8 + Math.max(bytes.readUInt8(config.start + 17) & 7, bytes.readUInt8(config.start + 18) & 7),
    hasAlpha: sourcesOf(file, 'auxl', item.id).some((id) => isAlpha(bytes, file.items.get(id))),
    icc: profile && Buffer.from(bytes.subarray(profile.start + 4, profile.end)),
  };
}

/** Returns the images that show the whole primary image in fewer pixels, of its kind: others are ignored. */
function readThumbnails(bytes: Buffer, file: HeifItems, primary: HeicImage): HeicImage[] {
  const ids = sourcesOf(file, 'thmb', primary.id).slice(0, MAX_THUMBNAILS);
  const images = ids.flatMap((id) => {
    const item = file.items.get(id);
    try {
      return item ? [readImage(bytes, file, item)] : [];
    } catch {
      return [];
    }
  });
  return images
    .filter(({ width, height, bits, hasAlpha }) => {
      const hasSameRatio = Math.abs((primary.height * width) / primary.width - height) <= 2;
      return hasSameRatio && width < primary.width && bits === primary.bits && hasAlpha === primary.hasAlpha;
    })
    .sort((a, b) => area(a) - area(b));
}

/** Returns the EXIF block of the primary image, behind the offset of its TIFF header (ISO 23008-12, A.2.1). */
function readExifItem(bytes: Buffer, file: HeifItems): Buffer | undefined {
  const item = sourcesOf(file, 'cdsc', file.primaryId)
    .map((id) => file.items.get(id))
    .find((described) => described?.type === 'Exif');
  const [extent, ...others] = item?.extents ?? [];
  if (!extent || others.length || extent.end - extent.start < 12) return undefined;
  const start = extent.start + 4 + bytes.readUInt32BE(extent.start);
  return start < extent.end ? bytes.subarray(start, extent.end) : undefined;
}

/**
 * Reads the header of a HEIC.
 *
 * @throws ImageError IMAGE_CORRUPT if it is invalid, or the file is shorter than its items; SOURCE_UNSUPPORTED if it has no
 *   HEVC image; IMAGE_TOO_LARGE above the counts of `bounds.ts`
 */
export function parseHeic(bytes: Buffer): HeicFile {
  try {
    const file = readHeifItems(bytes);
    const item = file?.items.get(file.primaryId);
    if (!file || !item) throw corrupt('no primary image');
    for (const { extents = [] } of file.items.values())
      if (extents.some(({ end }) => end > bytes.length)) throw corrupt('the file is shorter than its items');
    const primary = readImage(bytes, file, item);
    codedItems(file, item).reduce((left, coded) => left - checkUnits(bytes, coded, left), MAX.heifEntries as number);
    return { primary, thumbnails: readThumbnails(bytes, file, primary), exif: readExifItem(bytes, file) };
  } catch (error) {
    if (error instanceof RangeError) throw corrupt(error.message);
    throw error;
  }
}

/** Returns a copy of a file in which an image is not cropped: that is left to who decodes it. */
export function withoutApertures(bytes: Buffer, { apertures }: HeicImage): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  for (const { at, width, height } of apertures)
    [width, 1, height, 1, 0, 1, 0, 1].forEach((value, i) => {
      view.setUint32(at + i * 4, value);
    });
  return copy;
}
