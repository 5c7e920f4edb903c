/** The scale of `q`, which is JPEG's: what the encoders of WebP and AVIF are set to, so that a number looks alike in each format. Pure. */

/**
 * Qualities of the encoders at those of `q`; between them, in proportion. SSIMULACRA2 of 7 photographs at 600 px: the median and the range,
 * which no scale removes. At 320 px, the medians differ by as much. To measure again: `npm run bench` with `SSIMULACRA2`.
 *
 * | `q` | JPEG | WebP | AVIF |
 * | --- | --- | --- | --- |
 * | 40 | 58.1 (46 to 62) | 57.4 (42 to 63) | 58.5 (45 to 71) |
 * | 60 | 67.6 (59 to 71) | 67.7 (58 to 71) | 66.8 (58 to 75) |
 * | 80 | 78.1 (74 to 82) | 77.4 (72 to 79) | 77.6 (73 to 81) |
 * | 90 | 84.5 (82 to 87) | 84.7 (82 to 86) | 83.9 (82 to 85) |
 */
const SCALE = {
  q: [1, 40, 60, 80, 90, 100],
  webp: [1, 40, 61, 81, 90, 100],
  avif: [1, 44, 51, 63, 76, 90],
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
