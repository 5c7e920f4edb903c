/** Bytes at equal SSIMULACRA2, interpolated over the qualities that a contestant was asked for. Pure. */

/** One output: its bytes and its SSIMULACRA2. */
export interface Point {
  readonly bytes: number;
  readonly score: number;
}

/** Points of SSIMULACRA2 by which the curve is continued at its ends. */
const MAX_BEYOND = 4;

/**
 * Returns the bytes of an output with this score: between two points, the logarithm of the bytes is proportional to the score.
 *
 * @returns undefined if the score is too far from all points, or their scores are the same
 */
export function bytesAt(points: readonly Point[], score: number): number | undefined {
  const sorted = points.toSorted((a, b) => a.score - b.score);
  const above = sorted.findIndex((point) => point.score >= score);
  const at = above < 0 ? sorted.length - 1 : Math.max(1, above);
  const [low, high] = [sorted[at - 1], sorted[at]];
  if (!low || !high || low.score === high.score) return undefined;
  if (score < low.score - MAX_BEYOND || score > high.score + MAX_BEYOND) return undefined;
  const share = (score - low.score) / (high.score - low.score);
  return Math.exp(Math.log(low.bytes) + share * (Math.log(high.bytes) - Math.log(low.bytes)));
}
