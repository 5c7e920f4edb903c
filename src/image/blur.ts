/** Gaussian blur whose cost does not grow with its sigma: a large one blurs a smaller image, and enlarges it. */
import { type Frame, type FrameStep, frameToSharp, runSteps, toFrame } from './frames.ts';
import type { Size } from './size.ts';
import type { TimeLimit } from './time-limit.ts';

/**
 * Maximum sigma in pixels that the frame itself is blurred with. The cost of libvips grows with the sigma: 0.03 CPU seconds
 * per megapixel at 30, 0.11 at 100, 0.25 at 200; from 286 on, where the mask has more than 1024 coefficients, there is no
 * vector code for it: 7 at 300, 25 at 1000.
 */
const MAX_FULL_SIZE_SIGMA = 50;
/**
 * Minimum sigma in the reduced frame, in its pixels. What is lost by reducing is a blur of 0.4 pixels, less than a
 * thousandth of this one; the mask's rounded radius differs by 1 %.
 */
const REDUCED_SIGMA = 25;
/** Margin in reduced pixels: the kernels that reduce and enlarge reach no further. */
const MARGIN = 2;

/** How a frame is reduced: by a whole factor, after margins were added that make its sides multiples of the factor. */
export interface BlurReduction {
  readonly factor: number;
  readonly margins: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  readonly reduced: Size;
}

/**
 * Plans a blur on a reduced frame. The margins repeat the pixels of the edge, as the blur itself does beyond the frame: else
 * the outermost reduced pixels, which count for all that lies beyond them, would be a mean of the edge and its inside.
 *
 * @param sigma in pixels, above `MAX_FULL_SIZE_SIGMA`
 */
export function planBlur({ width, height }: Size, sigma: number): BlurReduction {
  const factor = Math.floor(sigma / REDUCED_SIGMA);
  const margin = MARGIN * factor;
  const rest = (side: number) => (factor - (side % factor)) % factor;
  return {
    factor,
    margins: { left: margin, top: margin, right: margin + rest(width), bottom: margin + rest(height) },
    reduced: {
      width: Math.ceil(width / factor) + 2 * MARGIN,
      height: Math.ceil(height / factor) + 2 * MARGIN,
    },
  };
}

/**
 * Blurs a frame. Colours count by their alpha. Up to 25 megapixels of any sigma take 3 CPU seconds; SSIM to libvips' own
 * blur is above 0.99.
 *
 * @param sigma of the Gaussian in pixels, 0.3 to 1000
 */
export async function blurFrame(frame: Frame, sigma: number, limit: TimeLimit): Promise<Frame> {
  if (sigma <= MAX_FULL_SIZE_SIGMA) return toFrame(frameToSharp(frame).blur(sigma), limit);
  const { factor, margins, reduced } = planBlur(frame, sigma);
  const extended = await toFrame(frameToSharp(frame).extend({ ...margins, extendWith: 'copy' }), limit);
  const reduceAndBlur: FrameStep = (from) =>
    toFrame(
      frameToSharp(from)
        .resize({ ...reduced, fit: 'fill', kernel: 'linear' })
        .blur(sigma / factor),
      limit,
    );
  const { width, height } = extended;
  const enlarge: FrameStep = (from) =>
    toFrame(
      frameToSharp(from)
        .resize({ width, height, fit: 'fill', kernel: 'cubic' })
        .extract({ left: margins.left, top: margins.top, width: frame.width, height: frame.height }),
      limit,
    );
  return runSteps(extended, [reduceAndBlur, enlarge], limit);
}
