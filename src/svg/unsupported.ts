/** Names what librsvg ignores or draws otherwise and no step before it resolves, for the response header. */
import { parseDeclarations } from './css.ts';
import type { SvgDocument } from './reader.ts';
import { type SvgReport, walk } from './tree.ts';

/** Properties by the names in the header, and the values of which that is true. */
const PROPERTIES: readonly (readonly [name: string, property: RegExp, value: RegExp])[] = [
  ['clip-path', /^clip-path$/, /\b(?:circle|ellipse|inset|polygon|path|rect|xywh|shape)\(/i],
  // Those that change colours are computed in linear light.
  ['filter', /^filter$/, /\b(?:brightness|contrast|grayscale|hue-rotate|invert|saturate|sepia)\(/i],
  ['path', /^d$/, /\bpath\(/i],
  ['transform', /^offset-path$/, /^(?!none)/i],
  ['text-shadow', /^text-shadow$/, /^(?!none)/i],
  ['text-transform', /^text-transform$/, /^(?!none)/i],
  ['text-wrap', /^(?:inline-size|shape-inside)$/, /^(?!none|auto|0)/i],
];
/** Matches a style with one of them, so that others are not parsed. */
const MAY_BE_UNSUPPORTED = /\(|text-|offset-path|inline-size|shape-inside/i;
/** The same of attributes of elements of text and shapes. */
const ATTRIBUTES: readonly (readonly [name: string, element: RegExp, attribute: string])[] = [
  ['text-length', /^(?:text|tspan|textPath)$/, 'textLength'],
  ['text-rotate', /^(?:text|tspan)$/, 'rotate'],
];
/** Selectors of Selectors Level 4 that librsvg does not match. */
const SELECTORS = /:(?:is|where|has|matches|-webkit-any)\(/i;

/**
 * Looks for what will not be drawn as in a browser.
 *
 * @param report gets the names
 */
export function reportUnsupported({ root, rules }: SvgDocument, report: SvgReport): void {
  const check = (property: string, value: string) => {
    for (const [name, pattern, values] of PROPERTIES)
      if (pattern.test(property) && values.test(value)) report.unsupported.add(name);
  };
  walk(root, ({ name, attributes }) => {
    if (name === 'textPath') report.unsupported.add('text-path');
    for (const [token, element, attribute] of ATTRIBUTES)
      if (element.test(name) && attributes.has(attribute)) report.unsupported.add(token);
    if (attributes.has('pathLength') && (attributes.has('stroke-dasharray') || attributes.has('style')))
      report.unsupported.add('path-length');
    for (const property of ['clip-path', 'filter']) check(property, attributes.get(property) ?? '');
    const style = attributes.get('style');
    if (style && MAY_BE_UNSUPPORTED.test(style))
      for (const declaration of parseDeclarations(style)) check(declaration.name, declaration.value);
  });
  for (const { selectors, declarations } of rules) {
    if (declarations.length && SELECTORS.test(selectors)) report.unsupported.add('selectors');
    for (const { name, value } of declarations) check(name, value);
  }
}
