/** Resolves CSS variables (CSS Custom Properties Level 1), which librsvg does not know. */
import { createCascade } from './cascade.ts';
import { type Declaration, declarationsText, parseDeclarations } from './css.ts';
import type { SvgDocument } from './reader.ts';
import { filterValue } from './references.ts';
import { type Place, parseSelectors } from './selectors.ts';
import { childElements, type SvgElement, type SvgReport, walk } from './tree.ts';

/** Maximum characters of a resolved value, and references in one: values that refer to each other grow. */
const MAX = { characters: 4096, references: 100, depth: 16 } as const;
const REFERENCE = /var\(\s*(--[\w\u0080-\uffff-]+)\s*/i;

/** The values of custom properties, those of the elements around included. */
type Scope = ReadonlyMap<string, string>;

/** Returns where a function ends whose arguments begin at an index: after its closing bracket. */
function functionEnd(value: string, from: number): number {
  let depth = 1;
  for (let at = from; at < value.length; at++) {
    if (value[at] === '(') depth += 1;
    else if (value[at] === ')' && --depth === 0) return at + 1;
  }
  return value.length + 1;
}

/** Substitutes the variables of a value. @returns undefined if one has no value, or the value grows beyond the maximum */
function substitute(value: string, scope: Scope, depth = 0): string | undefined {
  let text = value;
  for (let references = 0; ; references++) {
    const match = REFERENCE.exec(text);
    if (!match) return text;
    if (references >= MAX.references || depth >= MAX.depth || text.length > MAX.characters) return undefined;
    const end = functionEnd(text, match.index + match[0].length);
    const [, fallback] = /^,([\s\S]*)$/.exec(text.slice(match.index + match[0].length, end - 1)) ?? [];
    const declared = scope.get(match[1] ?? '');
    const substituted =
      (declared === undefined ? undefined : substitute(declared, scope, depth + 1)) ??
      (fallback === undefined ? undefined : substitute(fallback.trim(), scope, depth + 1));
    if (substituted === undefined) return undefined;
    text = text.slice(0, match.index) + substituted + text.slice(end);
  }
}

const usesVariable = (value: string) => /var\(/i.test(value);
const isCustom = (name: string) => name.startsWith('--');
const usersOf = (declarations: readonly Declaration[]) =>
  declarations.filter(({ name, value }) => !isCustom(name) && usesVariable(value));
const inlineOf = ({ attributes }: SvgElement) => parseDeclarations(attributes.get('style') ?? '');

/** Resolves a value, and filters what it has become. @returns undefined if a variable has no value */
function resolveValue(value: string, scope: Scope, report: SvgReport): string | undefined {
  const substituted = substitute(value, scope);
  return substituted === undefined ? undefined : filterValue(substituted, report);
}

/** Resolves a declaration. @returns none if a variable has no value */
function resolveDeclaration(declaration: Declaration, scope: Scope, report: SvgReport): Declaration[] {
  const value = resolveValue(declaration.value, scope, report);
  return value === undefined ? [] : [{ ...declaration, value }];
}

/** Replaces the variables of an element: in its attributes, and in the declarations that decide on its properties. */
function resolveElement(
  element: SvgElement,
  declared: ReadonlyMap<string, Declaration>,
  scope: Scope,
  report: SvgReport,
): void {
  const { attributes } = element;
  for (const [name, value] of [...attributes]) {
    if (name === 'style' || name === 'href' || !usesVariable(value)) continue;
    const resolved = resolveValue(value, scope, report);
    if (resolved === undefined) attributes.delete(name);
    else attributes.set(name, resolved);
  }
  const decisive = usersOf([...declared.values()]).flatMap((declaration) =>
    resolveDeclaration(declaration, scope, report),
  );
  const rest = inlineOf(element).filter(({ name, value }) => !isCustom(name) && !usesVariable(value));
  const style = declarationsText([...rest, ...decisive]);
  if (style) attributes.set('style', style);
  else attributes.delete('style');
}

/**
 * Replaces the variables in attributes, `style` attributes and style sheets. A declaration of a style sheet that uses one is
 * written into the `style` of each element that it decides on.
 *
 * @param report gets `variables` if there are selectors that were not understood
 */
export function resolveVariables({ root, rules }: SvgDocument, report: SvgReport): void {
  const used = new Set(rules.flatMap(({ declarations }) => usersOf(declarations).map(({ name }) => name)));
  let isUsed = used.size > 0;
  walk(root, (element) => {
    for (const [name, value] of element.attributes) isUsed ||= name !== 'href' && usesVariable(value);
    for (const { name } of usersOf(inlineOf(element))) used.add(name);
  });
  if (!isUsed) return;
  const cascade = createCascade(rules, (name) => isCustom(name) || used.has(name));
  const visit = (place: Place, outer: Scope) => {
    const declared = cascade.declared(place);
    const custom = [...declared].flatMap(([name, { value }]) => (isCustom(name) ? [[name, value] as const] : []));
    const scope = custom.length ? new Map([...outer, ...custom]) : outer;
    resolveElement(place.element, declared, scope, report);
    for (const child of childElements(place.element)) visit({ element: child, parent: place }, scope);
  };
  const rootPlace = { element: root, parent: undefined };
  const rootScope = new Map([...cascade.declared(rootPlace)].map(([name, { value }]) => [name, value]));
  visit(rootPlace, new Map());
  for (const [index, { selectors, declarations }] of rules.entries()) {
    const isKnown = parseSelectors(selectors).isComplete;
    const rest = declarations.filter(({ name }) => !isCustom(name));
    // Where the elements of a rule are not known, the variables of the root are most likely meant.
    const resolved = rest.flatMap((declaration) =>
      usesVariable(declaration.value)
        ? isKnown
          ? []
          : resolveDeclaration(declaration, rootScope, report)
        : [declaration],
    );
    rules[index] = { selectors, declarations: resolved };
  }
  if (!cascade.isComplete()) report.unsupported.add('variables');
}
