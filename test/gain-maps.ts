/** Makes JPEGs with an HDR gain map, as phones write them. */
import sharp from 'sharp';
import { attachGainMap } from '../src/image/formats/gain-map.ts';

export const [WIDTH, HEIGHT] = [400, 300];
/** Colours of the quadrants, and values of the map in them: upper left, upper right, lower left, lower right. */
const COLOURS = [
  [200, 40, 40],
  [40, 180, 60],
  [40, 60, 200],
  [220, 200, 60],
] as const;
export const GAINS = [230, 150, 70, 10] as const;

export const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';
const HDRGM = `${XMP_NAME}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625" hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2" hdrgm:BaseRenditionIsHDR="False"/></rdf:RDF></x:xmpmeta>`;

export function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** Draws four quadrants of equal sizes. */
function quadrants(width: number, height: number, values: readonly (readonly number[])[]) {
  const pixels = Array.from({ length: width * height }, (_, i) => {
    const [right, lower] = [i % width >= width / 2, Math.floor(i / width) >= height / 2];
    return values[(right ? 1 : 0) + (lower ? 2 : 0)] ?? [];
  });
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels: (values[0]?.length ?? 3) as 1 | 3 } });
}

/** Returns a JPEG of 400 × 300 pixels whose gain map has 100 × 75. */
export async function hdrJpeg({ orientation = 1, isGrey = true, icc = '' } = {}): Promise<Buffer> {
  const image = quadrants(WIDTH, HEIGHT, COLOURS).withMetadata({ orientation });
  const base = await (icc ? image.withIccProfile(icc) : image).jpeg({ quality: 90 }).toBuffer();
  const gains = GAINS.map((gain) => (isGrey ? [gain] : [gain, gain, gain]));
  const map = quadrants(WIDTH / 4, HEIGHT / 4, gains);
  const bytes = await (isGrey ? map.toColourspace('b-w') : map).jpeg({ quality: 90 }).toBuffer();
  const metadata = [segment(0xe1, Buffer.from(HDRGM, 'latin1'))];
  return attachGainMap(base, bytes, {
    bytes,
    width: WIDTH / 4,
    height: HEIGHT / 4,
    channels: isGrey ? 1 : 3,
    metadata,
    isoVersion: undefined,
  });
}
