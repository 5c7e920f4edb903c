/** The cascade (CSS Cascading and Inheritance Level 4) of the few properties that are resolved before librsvg. */
import { type Declaration, parseDeclarations, type Rule } from './css.ts';
import { matches, type Place, parseSelectors, type Selector } from './selectors.ts';

interface Candidate {
  readonly selector: Selector;
  readonly declarations: readonly Declaration[];
}

/** Maximum selectors that are tried, over all elements. */
const MAX_MATCHES = 2_000_000;

/** Finds the declared values of some properties of elements. */
export interface Cascade {
  /** Returns the values by property, those of presentation attributes not included. */
  readonly declared: (place: Place) => ReadonlyMap<string, Declaration>;
  /** Whether every selector that may decide on a value was understood, and tried. */
  readonly isComplete: () => boolean;
}

/**
 * Creates a cascade.
 *
 * @param isWanted whether a property, by its name, is asked for: rules with others only are not tried
 */
export function createCascade(rules: readonly Rule[], isWanted: (name: string) => boolean): Cascade {
  let isComplete = true;
  let tried = 0;
  const candidates: Candidate[] = [];
  for (const { selectors, declarations } of rules) {
    const wanted = declarations.filter(({ name }) => isWanted(name));
    if (!wanted.length) continue;
    const parsed = parseSelectors(selectors);
    isComplete &&= parsed.isComplete;
    for (const selector of parsed.selectors) candidates.push({ selector, declarations: wanted });
  }
  // Sorting is stable: of two with one specificity, the later one counts.
  candidates.sort((a, b) => a.selector.specificity - b.selector.specificity);
  const declared = (place: Place) => {
    const values = new Map<string, Declaration>();
    const set = (declaration: Declaration) => {
      if (declaration.isImportant || !values.get(declaration.name)?.isImportant)
        values.set(declaration.name, declaration);
    };
    tried += candidates.length;
    if (tried > MAX_MATCHES) isComplete = false;
    else for (const { selector, declarations } of candidates) if (matches(selector, place)) declarations.forEach(set);
    const style = place.element.attributes.get('style');
    if (style !== undefined)
      parseDeclarations(style)
        .filter(({ name }) => isWanted(name))
        .forEach(set);
    return values;
  };
  return { declared, isComplete: () => isComplete };
}
