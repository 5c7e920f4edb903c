/**
 * Substitutes the entities that a document type declares (XML 1.0, 4.4), within bounds, and removes the document type: the
 * parser behind it, and librsvg, get a text without any. Nothing is read from elsewhere.
 */
import { svgCorrupt, svgTooComplex, svgUnsupported } from './errors.ts';

/** Maximum declared entities, entities inside of entities, and characters of all substitutions together. */
const MAX = { entities: 1000, depth: 8, characters: 1_048_576 } as const;

/** Matches white space, processing instructions and comments before the document type. */
const PROLOG = /(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*/y;
/** Matches a document type up to its internal subset. */
const DOCTYPE = /<!DOCTYPE\s(?:"[^"]*"|'[^']*'|[^"'[\]<>])*(\[|>)/y;
/** Matches one declaration of an internal subset, or its end. */
const DECLARATION =
  /\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!ENTITY\s+([A-Za-z_:][\w.:-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>|(<!ENTITY\s|%)|<!(?:ELEMENT|ATTLIST|NOTATION)\s(?:"[^"]*"|'[^']*'|[^"'<>])*>|(\]\s*>)/y;
const REFERENCE = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|&([A-Za-z_:][\w.:-]*);/g;
const PREDEFINED: ReadonlySet<string> = new Set(['lt', 'gt', 'amp', 'quot', 'apos']);

/** Matches at a position. @returns undefined if there is no match */
function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}

/** Reads the declarations of an internal subset. @returns the entities, and where the document type ends */
function readSubset(
  text: string,
  start: number,
): { readonly entities: ReadonlyMap<string, string>; readonly end: number } {
  const entities = new Map<string, string>();
  let at = start;
  for (;;) {
    const match = matchAt(DECLARATION, text, at);
    if (!match) throw svgCorrupt('its document type is not well-formed');
    at = DECLARATION.lastIndex;
    const [, name, double, single, other, end] = match;
    if (end !== undefined) return { entities, end: at };
    if (other !== undefined) throw svgUnsupported('it declares external or parameter entities');
    // The first declaration is binding.
    if (name !== undefined && !entities.has(name)) entities.set(name, double ?? single ?? '');
    if (entities.size > MAX.entities) throw svgTooComplex(`more than ${MAX.entities} entities`);
  }
}

/** Creates a function that returns a text with its references substituted. */
function createExpansion(entities: ReadonlyMap<string, string>) {
  const expanded = new Map<string, string>();
  let characters = 0;
  const expand = (text: string, depth: number): string =>
    text.replace(REFERENCE, (reference: string, name: string | undefined) => {
      const value = name === undefined || PREDEFINED.has(name) ? undefined : entities.get(name);
      if (name === undefined || value === undefined) return reference;
      if (depth >= MAX.depth) throw svgTooComplex(`entities nested more than ${MAX.depth} deep`);
      const substitute = expanded.get(name) ?? expand(quote(value), depth + 1);
      expanded.set(name, substitute);
      characters += substitute.length;
      if (characters > MAX.characters) throw svgTooComplex(`more than ${MAX.characters} characters of its entities`);
      return substitute;
    });
  return (text: string) => expand(text, 0);
}

/** Escapes quotation marks, which do not end the attribute around an entity; not in markup, which is never in an attribute. */
const quote = (value: string) =>
  value.includes('<') ? value : value.replaceAll('"', '&quot;').replaceAll("'", '&apos;');

/**
 * Returns an SVG without its document type, internal entities substituted.
 *
 * @throws ImageError SOURCE_UNSUPPORTED for external and parameter entities, IMAGE_TOO_LARGE if entities are too many, too
 *   deep or too long, IMAGE_CORRUPT if the document type is not well-formed
 */
export function expandEntities(text: string): string {
  matchAt(PROLOG, text, 0);
  const start = PROLOG.lastIndex;
  const doctype = matchAt(DOCTYPE, text, start);
  if (!doctype) return text;
  const prolog = text.slice(0, start);
  const { entities, end } =
    doctype[1] === '[' ? readSubset(text, DOCTYPE.lastIndex) : { entities: new Map(), end: DOCTYPE.lastIndex };
  const body = text.slice(end);
  return prolog + (entities.size ? createExpansion(entities)(body) : body);
}
