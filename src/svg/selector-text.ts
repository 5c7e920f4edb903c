/** Rewrites selectors to those that librsvg reads. */

/** Matches a list of alternatives in a selector (Selectors Level 4, 4.2 and 4.4), which librsvg does not read. */
const ALTERNATIVES = /:(?:is|where|-webkit-any|matches)\(([^()]*)\)/i;
/** Maximum characters of selectors that alternatives are written out to. */
const MAX_SELECTORS = 4096;

/** Writes out `:is()` and `:where()` as a list of selectors. Their specificity is that of each alternative. */
function expandAlternatives(selectors: string): string {
  let list = [selectors];
  for (let depth = 0; depth < 4 && list.some((selector) => ALTERNATIVES.test(selector)); depth++) {
    const expanded = list.flatMap((selector) => {
      const match = ALTERNATIVES.exec(selector);
      if (!match) return [selector];
      const [before, after] = [selector.slice(0, match.index), selector.slice(match.index + match[0].length)];
      return (match[1] ?? '').split(',').map((alternative) => {
        const text = alternative.trim();
        // A type selector comes first in a compound.
        const isType = /^[a-z*]/i.test(text) && /[\w)\]-]$/.test(before);
        return isType ? `${before}:not(*)${after}` : `${before}${text}${after}`;
      });
    });
    if (expanded.join(',').length > MAX_SELECTORS) return selectors;
    list = expanded;
  }
  return list.join(',');
}

/**
 * Matches pseudo-classes and pseudo-elements that no element of an image is in: nothing is the target of a fragment, nobody
 * points at it, nothing can be typed into it.
 */
const NEVER =
  /(?<![\\:])(?::(?:target|target-within|hover|active|focus|focus-visible|focus-within)|::?(?:before|after|first-line|first-letter)|::(?:selection|marker|placeholder|backdrop))(?![\w(-])/gi;
/** An attribute that is left out of every element: a selector of the same specificity, which librsvg reads. */
const NO_ELEMENT = '[target]';

/**
 * Splits a list of selectors at its commas outside of brackets, and writes out each. What is never matched stays a valid
 * selector, since librsvg ignores a rule with one that it does not know: `:not(:target)` hides the icons of a stack.
 */
export const readSelectors = (selectors: string) =>
  (ALTERNATIVES.test(selectors)
    ? (selectors.match(/(?:[^,()]|\([^()]*\))+/g) ?? [])
        .map((selector) => expandAlternatives(selector.trim()))
        .join(',')
    : selectors
  ).replace(NEVER, NO_ELEMENT);
