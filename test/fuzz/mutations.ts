/** Mutates image files: structure first, then bytes. Bounded in size. Pure. */
import { crc32 } from 'node:zlib';
import type { Random } from './random.ts';
import { type Field, structureOf } from './structure.ts';

/** Maximum bytes of a mutated file: a duplicated part is repeated up to here. */
export const MAX_BYTES = 1_000_000;
const MAX_STEPS = 4;
/** Numbers at which lengths, counts and sides overflow, or cost most. */
const EDGES = [0, 1, 2, 7, 8, 9, 255, 256, 4096, 16_383, 16_384, 32_767, 32_768, 65_535, 65_536, 5_000_000];
const LARGE = [0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

function write(bytes: Buffer, { at, bytes: size, isLittleEndian }: Field, value: number): void {
  const fitting = value % 2 ** (8 * size);
  if (isLittleEndian) bytes.writeUIntLE(fitting, at, size);
  else bytes.writeUIntBE(fitting, at, size);
}

const read = (bytes: Buffer, { at, bytes: size, isLittleEndian }: Field) =>
  isLittleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);

/** Writes an edge, or a neighbour or a multiple of the old number, into one of the fields. */
function changeField(bytes: Buffer, random: Random): Buffer {
  const { fields } = structureOf(bytes);
  if (!fields.length) return changeNumber(bytes, random);
  const chosen = random.pick(fields);
  const old = read(bytes, chosen);
  write(bytes, chosen, random.pick([...EDGES, ...LARGE, old + 1, Math.max(0, old - 1), old * 2, old * 256]));
  return bytes;
}

/** Changes a number in text, as of an SVG. */
function changeNumber(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('latin1');
  const numbers = [...text.slice(0, 20_000).matchAll(/\d+/g)];
  if (!numbers.length) return flipBits(bytes, random);
  const { 0: old, index } = random.pick(numbers);
  const value = random.pick([...EDGES, ...LARGE, 0.0001, -1, 1e300]);
  return Buffer.from(text.slice(0, index) + value + text.slice(index + old.length), 'latin1');
}

/** Repeats a part, or any range of bytes: a few times, or up to the maximum. */
function duplicate(bytes: Buffer, random: Random): Buffer {
  const { parts } = structureOf(bytes);
  const from = random.below(bytes.length);
  const range = { start: from, end: Math.min(bytes.length, from + 1 + random.below(64)) };
  const { start, end } = parts.length ? random.pick(parts) : range;
  const part = bytes.subarray(start, end);
  const room = Math.floor((MAX_BYTES - bytes.length) / Math.max(1, part.length));
  const times = Math.max(0, Math.min(room, random.pick([1, 2, 30, 2000, 100_000])));
  return Buffer.concat([bytes.subarray(0, end), ...Array<Buffer>(times).fill(part), bytes.subarray(end)]);
}

function remove(bytes: Buffer, random: Random): Buffer {
  const { parts } = structureOf(bytes);
  if (!parts.length) return truncate(bytes, random);
  const { start, end } = random.pick(parts);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

const truncate = (bytes: Buffer, random: Random) => Buffer.from(bytes.subarray(0, 1 + random.below(bytes.length)));

/** Flips a few bits, most of them near the start: headers are there. */
function flipBits(bytes: Buffer, random: Random): Buffer {
  const range = random.chance(0.6) ? Math.min(bytes.length, 512) : bytes.length;
  for (let i = 1 + random.below(8); i > 0; i--) {
    const at = random.below(range);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return bytes;
}

/** Corrects the checksums of a PNG: decoders look at nothing else of a chunk whose checksum is wrong. */
function fixChecksums(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return bytes;
  for (const { start, end } of structureOf(bytes).parts)
    bytes.writeUInt32BE(crc32(bytes.subarray(start + 4, end - 4)), end - 4);
  return bytes;
}

const MUTATIONS = [changeField, changeField, changeField, duplicate, duplicate, remove, truncate, flipBits, flipBits];

/** Returns a mutated copy of a file: of 1 to `MAX_BYTES` bytes, the same for the same generator. */
export function mutate(original: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let steps = 1 + random.below(MAX_STEPS); steps > 0; steps--) bytes = random.pick(MUTATIONS)(bytes, random);
  return random.chance(0.8) ? fixChecksums(bytes) : bytes;
}
