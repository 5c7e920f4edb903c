/**
 * Resolves `dominant-baseline` and `alignment-baseline` (CSS Inline Layout, 4) into `baseline-shift`: librsvg takes them from the
 * whole height of a line, browsers from the height of letters. The shifts are those of the usual fonts without serifs.
 */
import { createCascade } from './cascade.ts';
import { declarationsText, parseDeclarations } from './css.ts';
import type { SvgDocument } from './reader.ts';
import type { Place } from './selectors.ts';
import { childElements, type SvgElement, walk } from './tree.ts';

const DOMINANT = 'dominant-baseline';
const ALIGNMENT = 'alignment-baseline';
const SHIFT = 'baseline-shift';

/** How far text is moved up, in multiples of its size. */
const SHIFTS: Readonly<Record<string, number>> = {
  middle: -0.26,
  central: -0.35,
  hanging: -0.72,
  'text-before-edge': -0.905,
  'text-top': -0.905,
  'before-edge': -0.905,
  'text-after-edge': 0.21,
  'text-bottom': 0.21,
  'after-edge': 0.21,
  ideographic: 0.21,
  mathematical: -0.45,
};

const shiftOf = (value: string | undefined) => SHIFTS[value?.trim().toLowerCase() ?? ''] ?? 0;

/** Writes the shift into the style of an element, whose other declarations stay. */
function setShift({ attributes }: SvgElement, shift: number): void {
  const rest = parseDeclarations(attributes.get('style') ?? '').filter(
    ({ name }) => ![DOMINANT, ALIGNMENT, SHIFT].includes(name),
  );
  const add = (name: string, value: string) => rest.push({ name, value, isImportant: true });
  add(DOMINANT, 'auto');
  add(ALIGNMENT, 'baseline');
  if (shift) add(SHIFT, `${Number(shift.toFixed(3))}em`);
  attributes.set('style', declarationsText(rest));
}

/** Resolves the baselines of all texts. */
export function resolveBaselines({ root, rules }: SvgDocument): void {
  let isUsed = rules.some(({ declarations }) =>
    declarations.some(({ name }) => name === DOMINANT || name === ALIGNMENT),
  );
  walk(root, ({ attributes }) => {
    isUsed ||= attributes.has(DOMINANT) || attributes.has(ALIGNMENT) || /-baseline/.test(attributes.get('style') ?? '');
  });
  if (!isUsed) return;
  const cascade = createCascade(rules, (name) => name === DOMINANT || name === ALIGNMENT || name === SHIFT);
  /** @param inherited value of `dominant-baseline` @param outer shift of the text around; undefined outside of text */
  const visit = (place: Place, inherited: string | undefined, outer: number | undefined) => {
    const { name, attributes } = place.element;
    const declared = cascade.declared(place);
    const computed = (property: string) => declared.get(property)?.value ?? attributes.get(property);
    const own = computed(DOMINANT);
    const baseline = own === undefined || own === 'inherit' ? inherited : own;
    let shift = outer;
    if (name === 'text' || (outer !== undefined && name === 'tspan')) {
      const alignment = name === 'tspan' ? computed(ALIGNMENT) : undefined;
      shift = alignment && !/^(?:auto|baseline|inherit)$/.test(alignment) ? shiftOf(alignment) : shiftOf(baseline);
      const isDeclared = own !== undefined || computed(ALIGNMENT) !== undefined || baseline !== undefined;
      if (isDeclared && computed(SHIFT) === undefined) setShift(place.element, shift - (outer ?? 0));
    }
    for (const child of childElements(place.element)) visit({ element: child, parent: place }, baseline, shift);
  };
  visit({ element: root, parent: undefined }, undefined, undefined);
}
