/** Images that the docs show: each is compared with what its query returns. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { decodePixels, near } from './pixels.ts';

/**
 * Compares an output with the image that the docs show: its type, its size, and nine of its pixels.
 *
 * @param next what to do after an image that was missing has been written, and looked at
 * @throws Error if it was missing
 */
export async function expectShown(file: URL, output: Buffer, next: string): Promise<void> {
  if (!existsSync(file)) {
    writeFileSync(file, output);
    throw new Error(`${file.pathname} was missing, and has been written: look at it, and ${next}`);
  }
  const [actual, shown] = [await decodePixels(output), await decodePixels(readFileSync(file))];
  expect([actual.type, actual.width, actual.height]).toEqual([shown.type, shown.width, shown.height]);
  for (const x of [0.1, 0.5, 0.9])
    for (const y of [0.1, 0.5, 0.9]) expect(near(actual.at(x, y), shown.at(x, y), 12), `${x}, ${y}`).toBe(true);
}
