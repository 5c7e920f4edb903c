/** The crop area of imgproxy as a crop rectangle. Pure. */
import { NoCounterpart, type Query, toPercent } from './old-url.ts';

/** Lengths and offsets of at least 1 are pixels, smaller ones shares of the source; 0 is all of it. */
export interface CropArea {
  readonly width: number;
  readonly height: number;
  /** `ce`, `no`, `soea` …, `fp`, `sm`. */
  readonly type: string;
  readonly x: number;
  readonly y: number;
}

const TYPES = /^(?:ce|no|so|ea|we|noea|nowe|soea|sowe|fp)$/;

const toLength = (length: number) => (length >= 1 ? String(Math.trunc(length)) : toPercent(length));

/** How one axis is placed: the words of its ends and of the offset. */
type Place = 'start' | 'center' | 'end' | 'focus';

/**
 * Returns the edge of one axis. A share of a share can be computed; pixels and shares together only by the size of the source.
 *
 * @param end the word for the far edge
 */
function toEdge(length: number, place: Place, offset: number, end: 'right' | 'bottom'): string | undefined {
  if (length === 0) return undefined;
  if (place === 'start') return offset === 0 ? undefined : toLength(offset);
  if (offset === 0 && place === 'center') return 'center';
  if (offset === 0 && place === 'end') return end;
  if (length >= 1 || offset >= 1)
    throw new NoCounterpart(
      'an offset from the centre, the right or the bottom of a crop in pixels has no counterpart',
    );
  const starts = { center: (1 - length) / 2 + offset, end: 1 - length - offset, focus: offset - length / 2 };
  return toPercent(Math.min(Math.max(starts[place], 0), 1 - length));
}

function placeOf(type: string, start: string, end: string): Place {
  if (type === 'fp') return 'focus';
  if (type.includes(start)) return 'start';
  return type.includes(end) ? 'end' : 'center';
}

/** @throws NoCounterpart */
export function readCrop({ width, height, type, x, y }: CropArea): Query {
  const isValid = [width, height, x, y].every(Number.isFinite) && width >= 0 && height >= 0 && x >= 0 && y >= 0;
  if (!isValid || !TYPES.test(type)) throw new NoCounterpart(`a crop with g:${type} has no counterpart`);
  const cx = toEdge(width, placeOf(type, 'we', 'ea'), x, 'right');
  const cy = toEdge(height, placeOf(type, 'no', 'so'), y, 'bottom');
  const rect: Query = {
    ...(cx && { cx }),
    ...(cy && { cy }),
    ...(width && { cw: toLength(width) }),
    ...(height && { ch: toLength(height) }),
  };
  return Object.keys(rect).length ? { ...rect, precrop: '1' } : {};
}
