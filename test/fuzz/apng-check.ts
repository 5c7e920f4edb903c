/** Renders one mutated animated PNG, and checks what came of it. */
import { crc32 } from 'node:zlib';
import { ImageError } from '../../src/errors.ts';
import { pngChunks } from '../../src/image/formats/png.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import { type ApngFrameInput, apng, type Rgba } from '../apng.ts';
import { optionsOf, testConfig } from '../requests.ts';
import { mutate } from './mutations.ts';
import type { Random } from './random.ts';

/** A megapixel for the source and all frames: large canvases cost memory, and find nothing else. */
const limits = testConfig({ SOURCE_MAX_PIXELS: '1000000' });
const MAX_CPU_MS = 3000;

const colour = (random: Random): Rgba => [
  random.below(256),
  random.below(256),
  random.below(256),
  random.pick([0, 1, 100, 255, 255]),
];

/** Makes a valid file: a few small frames, of any place and operation. */
export function makeApng(random: Random): Buffer {
  const [width, height] = [1 + random.below(20), 1 + random.below(20)];
  const hasDefault = random.chance(0.3);
  const frames = Array.from({ length: 2 + random.below(5) }, (_, i): ApngFrameInput => {
    const isWhole = (i === 0 && !hasDefault) || random.chance(0.2);
    const [w, h] = isWhole ? [width, height] : [1 + random.below(width), 1 + random.below(height)];
    const place = { left: random.below(width - w + 1), top: random.below(height - h + 1) };
    const operations = { dispose: random.below(3), blend: random.below(2) };
    return { colour: colour(random), width: w, height: h, ...place, ...operations };
  });
  return apng({ width, height, frames, ...(hasDefault && { defaultColour: colour(random) }) });
}

/** Renumbers the frames, so that the reader goes on behind a part that was repeated or removed. */
function renumber(bytes: Buffer): Buffer {
  let sequence = 0;
  for (const { name, start, end } of pngChunks(bytes)) {
    if ((name !== 'fcTL' && name !== 'fdAT') || end - start < 16 || end > bytes.length) continue;
    bytes.writeUInt32BE(sequence++, start + 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(start + 4, end - 4)), end - 4);
  }
  return bytes;
}

/** Makes one input of a run. */
export function makeInput(random: Random): Buffer {
  const bytes = mutate(makeApng(random), random);
  try {
    return random.chance(0.7) ? renumber(bytes) : bytes;
  } catch {
    // More chunks than are walked.
    return bytes;
  }
}

/** Renders an input. @returns how it ended, and the reason why that is a failure, if it is one */
export async function checkInput(bytes: Buffer, random: Random): Promise<{ outcome: string; error?: string }> {
  const options = optionsOf({
    w: 1 + random.below(40),
    f: random.pick(['webp', 'gif', 'png', 'jpg', 'json', 'color'] as const),
    ...random.pick([{}, {}, {}, { page: random.below(8) }, { n: 1 + random.below(4) }, { trim: 10 }, { ro: 90 }]),
  });
  const start = process.cpuUsage();
  let outcome = 'image';
  try {
    const image = await resize({ source: { bytes, format: sniff(bytes, true) }, options, accept: undefined, limits });
    if ((image.data.length ?? 0) === 0) return { outcome, error: 'an empty image' };
  } catch (error) {
    if (!(error instanceof ImageError)) return { outcome: 'crash', error: String((error as Error).stack) };
    if (error.statusCode >= 500) return { outcome: error.code, error: error.message };
    outcome = error.code;
  }
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  return milliseconds > MAX_CPU_MS ? { outcome, error: `${Math.round(milliseconds)} ms of CPU` } : { outcome };
}
