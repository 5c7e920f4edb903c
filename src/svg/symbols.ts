/** Gives the content of a symbol its own opacity, filter, mask and clip path, which librsvg ignores. */
import { declarationsText, parseDeclarations } from './css.ts';
import { type SvgElement, walk } from './tree.ts';

/** What applies to a symbol as a whole, and is not inherited. */
const WHOLE = ['opacity', 'filter', 'mask', 'clip-path', 'style', 'class'] as const;

/** Returns a style without its transform, which is not in units of the view box. */
const untransformed = (style: string | undefined) =>
  style && declarationsText(parseDeclarations(style).filter(({ name }) => name !== 'transform'));

/** Wraps the content of each symbol that has one of these attributes into a group that has them too. */
export function wrapSymbols(root: SvgElement): void {
  walk(root, (element) => {
    const { name, attributes } = element;
    if (name !== 'symbol') return;
    const own = WHOLE.flatMap((key) => {
      const value = key === 'style' ? untransformed(attributes.get(key)) : attributes.get(key);
      return value === undefined ? [] : [[key, value] as const];
    });
    if (!own.length || !element.children.length) return;
    element.children = [{ name: 'g', attributes: new Map(own), children: element.children }];
    for (const key of ['opacity', 'filter', 'mask', 'clip-path']) attributes.delete(key);
  });
}
