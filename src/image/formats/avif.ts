/** Reads what libheif does not tell of an AVIF (ISO 23008-12, ISO 23000-22). Pure. */
import { type Box, boxesIn, findBox } from './boxes.ts';

/**
 * Returns an AVIF whose first brand is that of a still: libvips refuses an animation (`avis`), although most have a still image
 * for programs that cannot play them.
 */
export function asStill(bytes: Buffer): Buffer {
  const ftyp = findBox(bytes, 'ftyp', 0, 256);
  if (!ftyp || bytes.toString('latin1', ftyp.start, ftyp.start + 4) !== 'avis') return bytes;
  const still = Buffer.from(bytes);
  still.write('avif', ftyp.start, 'latin1');
  return still;
}

/** Where a track tells the sizes of its samples (ISO 14496-12, 8.7.3). */
const SAMPLE_SIZES = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsz'] as const;

/**
 * Counts the frames of an image sequence (ISO 23008-12, 7), by its first track. No decoder here reads them: only the first sample can
 * be decoded without those before it, which the still image shows.
 *
 * @returns 1 for a still
 * @throws ImageError IMAGE_TOO_LARGE above 1000 boxes
 */
export function sequenceFrames(bytes: Buffer): number {
  let [start, end] = [0, bytes.length];
  for (const type of SAMPLE_SIZES) {
    const box = findBox(bytes, type, start, end);
    if (!box) return 1;
    ({ start, end } = box);
  }
  return end - start < 12 ? 1 : Math.max(1, bytes.readUInt32BE(start + 8));
}

/** Returns the properties of the primary item of an AVIF (ISO 23008-12, 9.3). */
function primaryProperties(bytes: Buffer, start: number, end: number): Box[] {
  const pitm = findBox(bytes, 'pitm', start, end);
  const iprp = findBox(bytes, 'iprp', start, end);
  const ipco = iprp && findBox(bytes, 'ipco', iprp.start, iprp.end);
  const ipma = iprp && findBox(bytes, 'ipma', iprp.start, iprp.end);
  if (!pitm || !ipco || !ipma) return [];
  const idBytes = (bytes[ipma.start] ?? 0) < 1 ? 2 : 4;
  const primary =
    (bytes[pitm.start] ?? 0) === 0 ? bytes.readUInt16BE(pitm.start + 4) : bytes.readUInt32BE(pitm.start + 4);
  const indexBytes = (bytes[ipma.start + 3] ?? 0) & 1 ? 2 : 1;
  const all = [...boxesIn(bytes, ipco.start, ipco.end)];
  let at = ipma.start + 8;
  for (let left = bytes.readUInt32BE(ipma.start + 4); left > 0 && at + idBytes < ipma.end; left--) {
    const id = bytes.readUIntBE(at, idBytes);
    const count = bytes[at + idBytes] ?? 0;
    at += idBytes + 1;
    if (id === primary) {
      const indices = Array.from({ length: count }, (_, i) => at + i * indexBytes)
        .filter((offset) => offset + indexBytes <= ipma.end)
        .map((offset) => bytes.readUIntBE(offset, indexBytes) & (indexBytes === 1 ? 0x7f : 0x7fff));
      return indices.flatMap((index) => all[index - 1] ?? []);
    }
    at += count * indexBytes;
  }
  return [];
}

/** Reads the primary item: its properties, and whether its colours were multiplied by alpha (a reference of type `prem`). */
export function primaryItem(bytes: Buffer): { readonly properties: readonly Box[]; readonly isPremultiplied: boolean } {
  const meta = findBox(bytes, 'meta');
  if (!meta) return { properties: [], isPremultiplied: false };
  const [start, end] = [meta.start + 4, meta.end];
  const iref = findBox(bytes, 'iref', start, end);
  const isPremultiplied = iref !== undefined && findBox(bytes, 'prem', iref.start + 4, iref.end) !== undefined;
  return { properties: primaryProperties(bytes, start, end), isPremultiplied };
}
