/** The watermark of imgproxy, `wm:opacity:position:x:y:scale`, as the mark named `watermark`. Pure. */

import { NoCounterpart, type Query, unsupported } from './old-url.ts';
import { PLACE_NAMES } from './positions.ts';

/** The one watermark of an imgproxy, among the marks of a deployment. */
const NAME = 'watermark';

const PLACES = new Map([...PLACE_NAMES, ['re', 'tile']]);

/** Returns an offset, which `dpr` multiplies there. One below 1 is a share, which pixgate has not. */
function toOffset(text: string, dpr: number): number {
  const offset = Number(text || 0);
  if (offset !== 0 && !(offset >= 1)) throw new NoCounterpart(`the offset ${text} of wm has no counterpart`);
  return Math.round(offset * dpr);
}

/**
 * Returns the parameters of the mark. What an option leaves out, and an opacity of 1, is as `MARKS` has it.
 *
 * @param args of the option
 * @param dpr of the same URL
 * @throws NoCounterpart
 */
export function readWatermark(args: readonly string[], dpr: number): Query {
  const [opacity = '', position = '', x = '', y = '', scale = ''] = args;
  if (!(Number(opacity) > 0)) return {};
  const mpos = PLACES.get(position || 'ce') ?? unsupported(`wm:${args.join(':')}`);
  const [mx, my] = [toOffset(x, dpr), toOffset(y, dpr)];
  return {
    mark: NAME,
    mpos,
    ...(Number(opacity) !== 1 && { malpha: opacity }),
    ...((mx || my) && { mx: String(mx), my: String(my) }),
    ...(Number(scale) && { mscale: scale }),
  };
}
