/** Where sharp shrinks a JPEG on load: what of the file its decoder needs. Pure. */
import { withoutUnreadScans } from './formats/progressive-jpeg.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import type { SourceInfo } from './source-info.ts';

/** The ratio from which sharp lets libjpeg shrink by 8: from 8 to 9, it lowers that to 4 ("known libjpeg rounding errors"). */
const MIN_RATIO = 9;

/**
 * Returns the ratio of a still to its scaled size by which sharp shrinks a JPEG on load: the lower one of both sides. It is 1 where
 * sharp does not: before a crop, after a rotation, and if it makes the image upright first, as it does for a crop that follows.
 */
export function shrinkRatio({ preCrop, cover, scaled, quarterTurns }: Plan, info: SourceInfo): number {
  const isCroppedUpright = cover !== undefined && 'left' in cover && info.orientation !== 1;
  if (preCrop || quarterTurns || isCroppedUpright) return 1;
  const { width, height } = cover && 'strategy' in cover ? cover : scaled;
  return Math.min(info.width / width, info.height / height);
}

/** Returns the source without the scans of a progressive JPEG that change no pixel at a ratio, see `withoutUnreadScans`. */
export const forRatio = (opened: OpenedSource, ratio: number): OpenedSource =>
  ratio >= MIN_RATIO && opened.jpeg && opened.info.decodedFrom === 'file' && !opened.isTruncated
    ? { ...opened, bytes: withoutUnreadScans(opened.bytes, opened.jpeg) }
    : opened;
