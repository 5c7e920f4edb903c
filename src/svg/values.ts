/** Rewrites values of CSS that librsvg does not know, and would ignore: colours, sums, three-dimensional transforms, sizes of fonts. */
import { toSrgbColours } from './colours.ts';
import { declarationsText, parseDeclarations } from './css.ts';
import type { SvgDocument } from './reader.ts';
import { parseLength } from './root-size.ts';
import { type SvgReport, walk } from './tree.ts';

/** Matches a value that may have to be rewritten. */
const REWRITTEN = /\b(?:oklab|oklch|lab|lch|color|light-dark|calc|translate3d|translateZ|rotateZ|scale3d)\(/i;
/** Matches those and what may stay unknown, cheaply: a transform that is only flat does not. */
const MAY_BE_REWRITTEN = /(?:lab|lch|color|color-mix|dark|calc|min|max|clamp|3d|Z)\(/i;
/** Matches functions that stay unknown, and by which name they are reported. */
const UNKNOWN: readonly (readonly [RegExp, string])[] = [
  [/\b(?:color-mix|oklab|oklch|lab|lch|color)\(/i, 'color'],
  [/\b(?:calc|min|max|clamp)\(/i, 'calc'],
];

/** CSS pixels of the sizes of fonts by keyword (CSS Fonts, 3.5): librsvg has other ones. */
const FONT_SIZES: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
};

/** Initial values, for the keyword of that name. */
const INITIAL: Readonly<Record<string, string>> = {
  fill: 'black',
  stroke: 'none',
  opacity: '1',
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'stroke-width': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  display: 'inline',
  visibility: 'visible',
  'fill-rule': 'nonzero',
  'font-weight': 'normal',
  'font-style': 'normal',
  'text-anchor': 'start',
  transform: 'none',
  filter: 'none',
  mask: 'none',
  'clip-path': 'none',
};

interface Quantity {
  readonly value: number;
  /** Empty for a number, `px` for any absolute length, else the unit. */
  readonly unit: string;
}

function quantity(text: string): Quantity | undefined {
  const [, number, unit = ''] = /^([\d.]+(?:e[+-]?\d+)?)([a-z%]*)$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (unit === '' || unit === '%' || /^r?em|ex|ch|v[wh]$/i.test(unit)) return { value: Number(number), unit };
  const length = parseLength(text);
  return length === undefined ? undefined : { value: length, unit: 'px' };
}

/** Combines two quantities; undefined for different units. A number and a length in pixels are alike in SVG. */
function combine(a: Quantity, operator: string, b: Quantity): Quantity | undefined {
  if (operator === '*') {
    if (a.unit && b.unit) return undefined;
    return { value: a.value * b.value, unit: a.unit || b.unit };
  }
  if (operator === '/') return b.unit || b.value === 0 ? undefined : { value: a.value / b.value, unit: a.unit };
  const units = new Set([a.unit || 'px', b.unit || 'px']);
  if (units.size > 1) return undefined;
  return { value: operator === '+' ? a.value + b.value : a.value - b.value, unit: a.unit || b.unit };
}

/** Computes a sum without brackets; undefined if its units differ, or it is not valid. */
function compute(expression: string): Quantity | undefined {
  const tokens = expression.trim().match(/[+-]?[\d.]+(?:e[+-]?\d+)?[a-z%]*|\s[+-]\s|[*/]|\S/gi) ?? [];
  const terms: Quantity[] = [];
  let operator = '+';
  for (const [index, token] of tokens.entries()) {
    if (index % 2) {
      operator = token.trim();
      continue;
    }
    const sign = token.startsWith('-') ? -1 : 1;
    const read = quantity(token.replace(/^[+-]/, ''));
    const next = read && { ...read, value: read.value * sign };
    const last = terms.pop();
    if (!next || !/^[*/+-]$/.test(operator)) return undefined;
    if (!last) terms.push(next);
    else if (/[*/]/.test(operator)) {
      const product = combine(last, operator, next);
      if (!product) return undefined;
      terms.push(product);
    } else terms.push(last, operator === '-' ? { ...next, value: -next.value } : next);
  }
  const [first, ...rest] = terms;
  if (!first || tokens.length % 2 === 0) return undefined;
  return rest.reduce<Quantity | undefined>((sum, term) => sum && combine(sum, '+', term), first);
}

/** Replaces each `calc()` that is a number or a length, from the inside. */
function computeSums(value: string): string {
  let text = value;
  for (let depth = 0; depth < 8 && /calc\(|\(/.test(text); depth++) {
    const before = text;
    text = text.replace(/\bcalc\(([^()]{1,200})\)/gi, (whole, expression: string) => {
      const sum = compute(expression);
      return sum ? `${Number(sum.value.toFixed(6))}${sum.unit}` : whole;
    });
    // Brackets within a sum.
    if (/calc\(/i.test(text))
      text = text.replace(/(?<=[\s(*/])\(([^()]{1,200})\)/g, (whole, expression: string) => {
        const sum = compute(expression);
        return sum ? `${Number(sum.value.toFixed(6))}${sum.unit}` : whole;
      });
    if (text === before) break;
  }
  return text;
}

/** Drops the third dimension, which has no effect without perspective. */
const flatten = (value: string) =>
  value
    .replace(/\btranslate3d\(([^(),]+,[^(),]+),[^(),]+\)/gi, 'translate($1)')
    .replace(/\bscale3d\(([^(),]+,[^(),]+),[^(),]+\)/gi, 'scale($1)')
    .replace(/\btranslateZ\([^()]+\)/gi, '')
    .replace(/\brotateZ\(/gi, 'rotate(');

/**
 * Rewrites one value.
 *
 * @param name of the property
 * @param report gets `color` or `calc` for what stays unknown
 */
function rewriteValue(name: string, value: string, report: SvgReport): string {
  if (name === 'font-size') {
    const size = FONT_SIZES[value.trim().toLowerCase()];
    if (size !== undefined) return `${size}px`;
  }
  if (/^initial$/i.test(value)) return INITIAL[name] ?? value;
  if (!MAY_BE_REWRITTEN.test(value) || value.length > 4096) return value;
  const rewritten = REWRITTEN.test(value) ? flatten(computeSums(toSrgbColours(value))) : value;
  for (const [pattern, unknown] of UNKNOWN) if (pattern.test(rewritten)) report.unsupported.add(unknown);
  return rewritten;
}

/** Attributes that are no values of CSS. */
const NOT_CSS: ReadonlySet<string> = new Set(['href', 'id', 'class', 'd', 'points', 'viewBox', 'values']);

/** Rewrites the values of all attributes, `style` attributes and style sheets. */
export function rewriteValues({ root, rules }: SvgDocument, report: SvgReport): void {
  // The initial value of librsvg is 12 px.
  if (!root.attributes.has('font-size')) root.attributes.set('font-size', '16');
  const rewrite = (name: string, value: string) => rewriteValue(name, value, report);
  walk(root, ({ attributes }) => {
    for (const [name, value] of [...attributes]) {
      if (name === 'style') {
        if (!/\(|font-size|initial/i.test(value)) continue;
        const declarations = parseDeclarations(value).map((declaration) => ({
          ...declaration,
          value: rewrite(declaration.name, declaration.value),
        }));
        attributes.set('style', declarationsText(declarations));
      } else if (!NOT_CSS.has(name)) {
        const rewritten = rewrite(name, value);
        if (rewritten !== value) attributes.set(name, rewritten);
      }
    }
  });
  for (const [index, { selectors, declarations }] of rules.entries())
    rules[index] = {
      selectors,
      declarations: declarations.map((declaration) => ({
        ...declaration,
        value: rewrite(declaration.name, declaration.value),
      })),
    };
}
