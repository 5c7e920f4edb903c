/** Counts the work of rendering a tree, with `use` and references to filters resolved, before it starts. */
import { type Counts, count, MAX } from './budget.ts';
import { createCascade } from './cascade.ts';
import { svgTooComplex } from './errors.ts';
import type { SvgDocument } from './reader.ts';
import type { Place } from './selectors.ts';
import { childElements, type SvgElement, walk } from './tree.ts';

/** An element, with what is needed to count the work of rendering it. */
interface Work {
  readonly element: SvgElement;
  readonly children: Work[];
  /** The id of the element that a `use` renders again. */
  readonly uses: string | undefined;
  /** Filter effects that are applied to it. */
  readonly filters: number;
}

/** Returns the id in `url("#id")`. */
const fragment = (value: string | undefined) => /#([^"')\s]+)/.exec(value ?? '')?.[1];

/**
 * Returns the number of effects of each filter by its id.
 *
 * @throws ImageError IMAGE_TOO_LARGE if one has too many
 */
function countEffects(root: SvgElement): ReadonlyMap<string, number> {
  const effects = new Map<string, number>();
  walk(root, (element) => {
    const id = element.attributes.get('id');
    if (element.name !== 'filter' || id === undefined || effects.has(id)) return;
    const { length } = childElements(element);
    if (length > MAX.filterLength) throw svgTooComplex(`more than ${MAX.filterLength} effects of one filter`);
    effects.set(id, length);
  });
  return effects;
}

/**
 * Adds up the work of rendering an element.
 *
 * @param path the elements above, to find and cut cycles; the same set at each level, so that it is not copied for each element
 * @throws ImageError IMAGE_TOO_LARGE once a maximum is exceeded
 */
function add(work: Work, byId: ReadonlyMap<string, Work>, path: Set<Work>, counts: Counts): void {
  count(counts, 'elements');
  count(counts, 'filters', work.filters);
  const target = work.uses === undefined ? undefined : byId.get(work.uses);
  if (target && path.size > MAX.depth * 4) throw svgTooComplex('use elements form a long chain');
  // Browsers draw nothing for an element that is part of itself.
  const isCyclic = target && (target === work || path.has(target));
  if (isCyclic) work.element.attributes.delete('href');
  path.add(work);
  for (const child of target && !isCyclic ? [...work.children, target] : work.children) add(child, byId, path, counts);
  path.delete(work);
}

/**
 * Counts the elements and filter effects that are rendered.
 *
 * @param rules of the style sheets
 * @throws ImageError IMAGE_TOO_LARGE if there are too many, or `use` elements form a long chain
 */
export function countWork({ root, rules }: SvgDocument, counts: Counts): void {
  const effects = countEffects(root);
  const cascade = createCascade(rules, (name) => name === 'filter');
  const filterOf = (place: Place) =>
    fragment(cascade.declared(place).get('filter')?.value ?? place.element.attributes.get('filter'));
  const byId = new Map<string, Work>();
  const toWork = (place: Place): Work => {
    const { name, attributes } = place.element;
    const filter = effects.size ? filterOf(place) : undefined;
    const work: Work = {
      element: place.element,
      children: [],
      uses: name === 'use' ? attributes.get('href')?.slice(1) : undefined,
      filters: filter === undefined ? 0 : (effects.get(filter) ?? 0),
    };
    const id = attributes.get('id');
    // Of several elements with one id, the first is meant.
    if (id !== undefined && !byId.has(id)) byId.set(id, work);
    for (const child of childElements(place.element)) work.children.push(toWork({ element: child, parent: place }));
    return work;
  };
  add(toWork({ element: root, parent: undefined }), byId, new Set(), counts);
}

/**
 * Checks the work of all filter effects at the size of the output.
 *
 * @param filters how many are applied
 * @param pixels of the output
 * @throws ImageError IMAGE_TOO_LARGE
 */
export function checkFilterPixels(filters: number, pixels: number): void {
  if (filters * pixels > MAX.filterPixels)
    throw svgTooComplex(`${filters} filter effects on ${Math.round(pixels)} pixels: request a smaller output`);
}
