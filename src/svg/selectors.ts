/** Matches CSS selectors (Selectors Level 4): types, ids, classes, attributes and `:root`, joined as descendants or children. */
import type { SvgElement } from './tree.ts';

/** An element with those around it. */
export interface Place {
  readonly element: SvgElement;
  readonly parent: Place | undefined;
}

interface Compound {
  /** Whether the compound before it must match the parent, and not any element above. */
  readonly isChild: boolean;
  readonly tests: readonly ((place: Place) => boolean)[];
}

/** A selector without commas. */
export interface Selector {
  readonly compounds: readonly Compound[];
  /** A number that is larger for a higher specificity. */
  readonly specificity: number;
}

const NAME = '-?[_a-zA-Z\\u0080-\\uffff][\\w\\u0080-\\uffff-]*';
const SIMPLE = new RegExp(
  `(\\s*>\\s*|\\s+)|\\*|(${NAME})|#([\\w\\u0080-\\uffff-]+)|\\.(${NAME})|\\[\\s*(${NAME})\\s*(?:=\\s*(?:"([^"]*)"|'([^']*)'|(${NAME}))\\s*)?\\]|(:root)`,
  'y',
);
/** Maximum characters of a selector that is read. */
const MAX_SELECTOR = 512;

const classesOf = ({ attributes }: SvgElement) => (attributes.get('class') ?? '').split(/\s+/);

/** Parses one selector; undefined if it has parts that are not supported. */
function parseSelector(text: string): Selector | undefined {
  const selector = text.trim();
  if (selector.length > MAX_SELECTOR || selector === '') return undefined;
  let tests: ((place: Place) => boolean)[] = [];
  const compounds: { isChild: boolean; tests: typeof tests }[] = [{ isChild: false, tests }];
  let specificity = 0;
  let at = 0;
  while (at < selector.length) {
    SIMPLE.lastIndex = at;
    const match = SIMPLE.exec(selector);
    if (!match) return undefined;
    at = SIMPLE.lastIndex;
    const [, combinator, type, id, className, attribute, double, single, bare, root] = match;
    if (combinator !== undefined) {
      tests = [];
      compounds.push({ isChild: combinator.includes('>'), tests });
    } else if (type !== undefined) tests.push(({ element }) => element.name === type);
    else if (id !== undefined) tests.push(({ element }) => element.attributes.get('id') === id);
    else if (className !== undefined) tests.push(({ element }) => classesOf(element).includes(className));
    else if (root !== undefined) tests.push(({ parent }) => parent === undefined);
    else if (attribute !== undefined) {
      const value = double ?? single ?? bare;
      tests.push(({ element: { attributes } }) =>
        value === undefined ? attributes.has(attribute) : attributes.get(attribute) === value,
      );
    }
    specificity +=
      id !== undefined ? 10_000 : (className ?? attribute ?? root) !== undefined ? 100 : type !== undefined ? 1 : 0;
  }
  return { compounds, specificity };
}

/** Parses a list of selectors. @returns those that are supported, and whether these are all */
export function parseSelectors(list: string): {
  readonly selectors: readonly Selector[];
  readonly isComplete: boolean;
} {
  const parsed = list.split(',').map(parseSelector);
  const selectors = parsed.filter((selector) => selector !== undefined);
  return { selectors, isComplete: selectors.length === parsed.length };
}

/** Returns whether the compounds up to an index match a place. Elements above are tried from the inside, each once. */
export function matches({ compounds }: Selector, place: Place): boolean {
  const fits = (index: number, at: Place) => compounds[index]?.tests.every((test) => test(at)) ?? false;
  let index = compounds.length - 1;
  if (!fits(index, place)) return false;
  let above = place.parent;
  for (; index > 0; index--) {
    if (compounds[index]?.isChild) {
      if (!above || !fits(index - 1, above)) return false;
    } else {
      while (above && !fits(index - 1, above)) above = above.parent;
      if (!above) return false;
    }
    above = above.parent;
  }
  return true;
}
