/** Gives `use` the size of what it shows, where it has none: librsvg takes 100 % instead (SVG 2, 5.5). */
import { elementsById, type SvgElement, walk } from './tree.ts';

const SIDES = ['width', 'height'] as const;

/** Copies the missing sides of each `use` from the symbol or SVG that it refers to. An SVG alone has its own size in librsvg, too. */
export function resolveUseSizes(root: SvgElement): void {
  const byId = elementsById(root);
  walk(root, ({ name, attributes }) => {
    if (name !== 'use') return;
    const target = byId.get(attributes.get('href')?.slice(1) ?? '');
    const isSized = SIDES.some((side) => attributes.has(side));
    if (target?.name !== 'symbol' && !(target?.name === 'svg' && isSized)) return;
    for (const side of SIDES) {
      const length = target.attributes.get(side);
      if (length !== undefined && !attributes.has(side)) attributes.set(side, length);
    }
  });
}
