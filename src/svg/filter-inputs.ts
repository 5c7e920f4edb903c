/** Leaves out what only librsvg reads of filters and masks: browsers draw such images without it. */
import { childElements, type SvgElement, walk } from './tree.ts';

/** Inputs of SVG 1.1 that no browser has: what is behind the element, and its paints. Blend modes of old editors use them. */
const DROPPED: ReadonlySet<string> = new Set(['BackgroundImage', 'BackgroundAlpha', 'FillPaint', 'StrokePaint']);

/**
 * Leaves out the inputs of filter effects that browsers do not know, unless an effect before has that name. They take the effect
 * before it then, or the element itself, as for every unknown name (Filter Effects 1, 9.2).
 */
function resolveInputs(filter: SvgElement): void {
  const results = new Set<string>();
  for (const effect of childElements(filter)) {
    for (const { attributes } of [effect, ...childElements(effect)])
      for (const input of ['in', 'in2']) {
        const value = attributes.get(input)?.trim() ?? '';
        if (DROPPED.has(value) && !results.has(value)) attributes.delete(input);
      }
    results.add(effect.attributes.get('result')?.trim() ?? '');
  }
}

/** Resolves the inputs of all filters, and leaves out the transform of a mask, which is no attribute of it (CSS Masking 1, 7.1). */
export function resolveFilterInputs(root: SvgElement): void {
  walk(root, (element) => {
    if (element.name === 'filter') resolveInputs(element);
    if (element.name === 'mask') element.attributes.delete('transform');
  });
}
