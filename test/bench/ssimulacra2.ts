/**
 * Measures SSIMULACRA2, the perceptual metric of JPEG XL: 100 for the same image, 90 for no visible difference, 70 for high quality, 50
 * for medium. By a program that is named in `SSIMULACRA2`, such as `ssimulacra2` of libjxl (0.8 and later) or `ssimulacra2_rs image` of
 * crates.io: it gets two PNG files, and prints the score last.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Pixels } from './quality.ts';

const run = promisify(execFile);

/**
 * Returns a function that scores pixels against those of a reference of the same size.
 *
 * @param command program and first arguments, separated by spaces; undefined if the metric is not to be measured
 */
export function createScorer(command = process.env.SSIMULACRA2) {
  if (!command) return undefined;
  const [program = '', ...first] = command.split(' ');
  return async (actual: Pixels, expected: Pixels): Promise<number> => {
    if (actual.width !== expected.width || actual.height !== expected.height) return Number.NaN;
    const folder = await mkdtemp(join(tmpdir(), 'pixgate-ssimulacra2-'));
    try {
      const files = await Promise.all(
        [expected, actual].map(async ({ data, width, height }, i) => {
          const file = join(folder, `${i}.png`);
          await sharp(data, { raw: { width, height, channels: 4 } })
            .removeAlpha()
            .png({ compressionLevel: 1 })
            .toFile(file);
          return file;
        }),
      );
      const { stdout } = await run(program, [...first, ...files]);
      return Number(/-?[\d.]+(?=\s*$)/.exec(stdout)?.[0] ?? Number.NaN);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

export type Scorer = NonNullable<ReturnType<typeof createScorer>>;
