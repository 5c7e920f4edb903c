/** The scale of `q`, which is JPEG's: what the encoders of WebP and AVIF are set to, so that a number looks alike in each format. Pure. */

/**
 * Qualities of the encoders at those of `q`; between them, in proportion. Medians of SSIMULACRA2 over 16 photographs of 640 px, and at `q=80`
 * the spread from the lowest photograph to the highest, which no scale removes. At 320 px, the formats differ by 2.5 points at most.
 *
 * | `q` | JPEG | WebP | AVIF |
 * | --- | --- | --- | --- |
 * | 40 | 60.5 | 59.9 | 62.0 |
 * | 60 | 69.8 | 68.7 | 70.4 |
 * | 80 | 80.6 (73 to 85) | 78.8 (76 to 84) | 79.8 (74 to 86) |
 * | 90 | 86.4 | 85.3 | 85.8 |
 *
 * To measure again: `npm run bench` with `SSIMULACRA2`.
 */
const SCALE = {
  q: [1, 40, 60, 80, 90, 100],
  webp: [1, 40, 64, 84, 92, 100],
  avif: [1, 41, 50, 66, 81, 90],
} as const;

/**
 * Returns what the encoder of a format is set to.
 *
 * @param q 1 to 100
 * @returns a whole number, 1 to 100
 */
export function encoderQuality(format: 'webp' | 'avif', q: number): number {
  const at = Math.max(
    1,
    SCALE.q.findIndex((value) => q <= value),
  );
  const [from = 1, to = 100] = SCALE.q.slice(at - 1);
  const [low = 1, high = 100] = SCALE[format].slice(at - 1);
  return Math.round(low + ((q - from) * (high - low)) / (to - from));
}
