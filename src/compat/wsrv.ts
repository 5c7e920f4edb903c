/** URLs of wsrv.nl, `/?url=example.com/cat.jpg&w=300`, old names and lenient values included. Pure. */
import { type Dialect, OWN_SIZE, type Query } from './old-url.ts';
import { readParameters, wantsOriginal } from './wsrv-parameters.ts';
import { toResponse } from './wsrv-response.ts';
import { withRotation } from './wsrv-rotation.ts';

const isFocal = ({ a, fit }: Query) => a === 'focal' && (fit === 'cover' || fit === 'contain');

/** Parameters that pixgate takes only together with others; wsrv.nl ignores them without. */
const NEEDS: readonly (readonly [names: string, isMet: (query: Query) => unknown])[] = [
  ['fpx fpy', isFocal],
  ['cbg', ({ fit }) => fit === 'contain'],
  // A crop from 0 alone is none.
  ['precrop', ({ cx, cy, cw, ch }) => cw ?? ch ?? [cx, cy].some((start) => Number(start ?? 0) !== 0)],
  ['tbg', ({ trim }) => trim !== undefined],
  ['rbg', ({ ro }) => ro && ro !== '0'],
  ['mtrim mbg', ({ mask }) => mask],
  ['sharpf sharpj', ({ sharp }) => sharp !== undefined],
  ['start stop', ({ filt }) => filt === 'duotone'],
  ['ll', ({ f = 'auto' }) => /^(?:auto|origin|webp|avif)$/.test(f)],
];

const withNeeds = (query: Query): Query =>
  Object.fromEntries(
    Object.entries(query).filter(([name]) =>
      NEEDS.every(([names, isMet]) => !names.split(' ').includes(name) || Boolean(isMet(query))),
    ),
  );

/** A focal point needs no `a`, and without one, or another fit, the centre is meant. */
const withFocus = ({ a, ...query }: Query): Query => ({ ...(a && a !== 'focal' && { a }), ...query });

/** Applies a pixel ratio below 1, which pixgate has not, to the sides, which stay above 0; a ratio of 0 is no size at all. */
function withRatio(query: Query): Query {
  const { dpr, w, h, ...others } = query;
  const ratio = Number(dpr ?? 1);
  if (ratio >= 1) return query;
  const scaled = (length: string) =>
    length.endsWith('%')
      ? `${Math.max(0.0001, Number((Number.parseFloat(length) * ratio).toFixed(4)))}%`
      : String(Math.max(1, Math.round(Number(length) * ratio)));
  return { ...(w && ratio && { w: scaled(w) }), ...(h && ratio && { h: scaled(h) }), ...others };
}

export const wsrv: Dialect = {
  matches: ({ path, query }) => path === '/' && query.some(({ name }) => name === 'url'),
  toQuery: (url) => {
    const query = withRotation(withFocus(withNeeds(withRatio(readParameters(url)))));
    const hasSize = query.w ?? query.h ?? query.cw ?? query.ch;
    // wsrv.nl shows the first frame of an animation.
    const n = query.n === '0' || query.n === undefined ? '1' : query.n;
    return { ...(hasSize === undefined && query.f !== 'json' && OWN_SIZE), ...query, n };
  },
  wantsOriginal,
  toResponse,
};
