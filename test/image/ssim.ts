/** The structural similarity of two frames (Wang et al. 2004): of their luma over white, in blocks of 8 × 8 pixels. */
import type { Frame } from '../../src/image/frames.ts';

const BLOCK = 8;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

function lumaOverWhite({ data, width, height, channels }: Frame): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => {
    const at = i * channels;
    const [r = 0, g = 0, b = 0, alpha = 255] = data.subarray(at, at + channels);
    return ((0.299 * r + 0.587 * g + 0.114 * b) * alpha + 255 * (255 - alpha)) / 255;
  });
}

/** Returns the mean over all blocks, half overlapping: 1 for equal frames. */
export function ssim(one: Frame, other: Frame): number {
  const [a, b] = [lumaOverWhite(one), lumaOverWhite(other)];
  let [sum, blocks] = [0, 0];
  for (let top = 0; top + BLOCK <= one.height; top += BLOCK / 2)
    for (let left = 0; left + BLOCK <= one.width; left += BLOCK / 2) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + BLOCK; y++)
        for (let x = left; x < left + BLOCK; x++) {
          const [va, vb] = [a[y * one.width + x] ?? 0, b[y * one.width + x] ?? 0];
          sa += va;
          sb += vb;
          saa += va * va;
          sbb += vb * vb;
          sab += va * vb;
        }
      const n = BLOCK * BLOCK;
      const [ma, mb] = [sa / n, sb / n];
      const [varianceA, varianceB, covariance] = [saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb];
      sum += ((2 * ma * mb + C1) * (2 * covariance + C2)) / ((ma * ma + mb * mb + C1) * (varianceA + varianceB + C2));
      blocks++;
    }
  return sum / blocks;
}
