/** The rotation of wsrv.nl by 90° and 270°, after the resize: pixgate's is before it. Pure. */
import { NoCounterpart, type Query } from './old-url.ts';

const unsupported = (part: string): never => {
  throw new NoCounterpart(`${part} with ro=90 or 270 has no counterpart`);
};

/**
 * The crop of `cover` comes after the rotation, in the box as it was before: where that reaches beyond the image, it ends at its edge.
 */
function withCover({ w, h, a = 'center', dpr = '1', ...others }: Query): Query {
  if (others.cx ?? others.cy ?? others.cw ?? others.ch) unsupported('a crop beside fit=cover');
  if (others.fpx ?? others.fpy ?? /^(?:entropy|attention|focal)$/.exec(a)?.[0]) unsupported(`fit=cover around a point`);
  if (/%$/.test(w ?? '') || /%$/.test(h ?? '')) unsupported('fit=cover and a percentage');
  const side = (length: string) => String(Math.max(1, Math.round(Number(length) * Number(dpr))));
  const edge = (start: string, end: string): string => (a.includes(start) ? '0' : a.includes(end) ? end : 'center');
  return {
    ...others,
    ...(h && { w: h }),
    ...(w && { h: w }),
    ...(dpr !== '1' && { dpr }),
    fit: 'outside',
    ...(w && { cx: edge('left', 'right'), cw: side(w) }),
    ...(h && { cy: edge('top', 'bottom'), ch: side(h) }),
  };
}

/**
 * Exchanges the sides for a rotation before the resize.
 *
 * @throws NoCounterpart
 */
export function withRotation(query: Query): Query {
  const isSideways = Math.abs(Number(query.ro ?? 0)) % 180 === 90;
  // A crop before the resize is one after the rotation, and the box of `contain` is not rotated.
  if (!isSideways || query.precrop || query.fit === 'contain') return query;
  if (query.fit === 'cover') return withCover(query);
  const { w, h, ...others } = query;
  return { ...(h && { w: h }), ...(w && { h: w }), ...others };
}
