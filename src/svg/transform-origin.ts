/**
 * Resolves what librsvg does not know of transforms (CSS Transforms Level 2): `transform-origin`, the properties `translate`,
 * `rotate` and `scale`, and percentages, into the transform itself.
 */
import { createCascade } from './cascade.ts';
import { declarationsText, parseDeclarations } from './css.ts';
import type { SvgDocument } from './reader.ts';
import { parseLength, parseViewBox } from './root-size.ts';
import type { Place } from './selectors.ts';
import { childElements, type SvgElement, type SvgReport, walk } from './tree.ts';

const ORIGIN = 'transform-origin';
const INDIVIDUAL = ['translate', 'rotate', 'scale'] as const;
const WANTED: ReadonlySet<string> = new Set<string>([ORIGIN, 'transform', 'transform-box', ...INDIVIDUAL]);
/** Matches a translation by percentages. */
const PERCENTAGES = /\b(translate[XY]?)\(([^()]*%[^()]*)\)/gi;

/** A rectangle in user units. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fractions of the box by keyword, and whether it can only be horizontal or vertical. */
const KEYWORDS: Readonly<Record<string, readonly [fraction: number, axis: 'x' | 'y' | undefined]>> = {
  left: [0, 'x'],
  right: [1, 'x'],
  top: [0, 'y'],
  bottom: [1, 'y'],
  center: [0.5, undefined],
};

/** Returns one coordinate in user units; undefined if it is not valid. */
function coordinate(text: string, start: number, side: number): number | undefined {
  const fraction = KEYWORDS[text]?.[0] ?? (/^[+-]?[\d.]+%$/.test(text) ? Number.parseFloat(text) / 100 : undefined);
  if (fraction !== undefined) return start + fraction * side;
  const length = text.startsWith('-') ? parseLength(text.slice(1)) : parseLength(text);
  return length === undefined ? undefined : start + (text.startsWith('-') ? -length : length);
}

/** Returns the origin in user units; undefined if it is not valid. */
function parseOrigin(value: string, box: Box): readonly [number, number] | undefined {
  const [first = '', second = 'center'] = value
    .trim()
    .toLowerCase()
    .split(/[\s,]+/);
  const isSwapped = KEYWORDS[first]?.[1] === 'y' || KEYWORDS[second]?.[1] === 'x';
  const x = coordinate(isSwapped ? second : first, box.x, box.width);
  const y = coordinate(isSwapped ? first : second, box.y, box.height);
  return x === undefined || y === undefined ? undefined : [x, y];
}

/** Returns the bounding box of a shape with numbers for sides; undefined for any other element. */
function shapeBox({ name, attributes }: SvgElement): Box | undefined {
  const number = (attribute: string) => parseLength(attributes.get(attribute) ?? '0') ?? Number.NaN;
  const [cx, cy] = [number('cx'), number('cy')];
  const [rx, ry] = name === 'circle' ? [number('r'), number('r')] : [number('rx'), number('ry')];
  const box =
    name === 'rect' || name === 'image'
      ? { x: number('x'), y: number('y'), width: number('width'), height: number('height') }
      : { x: cx - rx, y: cy - ry, width: 2 * rx, height: 2 * ry };
  const isShape = ['rect', 'image', 'circle', 'ellipse'].includes(name);
  return isShape && Object.values(box).every(Number.isFinite) ? box : undefined;
}

/** Returns the box of percentages: that of the element, or the view box around it. */
function referenceBox(place: Place, transformBox: string | undefined): Box | undefined {
  if (transformBox === 'fill-box' || transformBox === 'content-box') return shapeBox(place.element);
  for (let above = place.parent; above; above = above.parent) {
    const { name, attributes } = above.element;
    const viewBox = name === 'svg' ? parseViewBox(attributes.get('viewBox')) : undefined;
    if (viewBox) return { x: 0, y: 0, width: viewBox.width, height: viewBox.height };
    const [width, height] = [parseLength(attributes.get('width')), parseLength(attributes.get('height'))];
    if (name === 'svg' && width !== undefined && height !== undefined) return { x: 0, y: 0, width, height };
  }
  return undefined;
}

/** Returns a translation in pixels instead of percentages of the box; as it was if it is not valid. */
function inPixels(transform: string, box: Box | undefined): string {
  if (!box) return transform;
  return transform.replace(PERCENTAGES, (whole, name: string, list: string) => {
    const isVertical = /Y$/i.test(name);
    const lengths = list.split(',').map((text, index) => {
      const side = isVertical || index > 0 ? box.height : box.width;
      return coordinate(text.trim(), 0, side);
    });
    return lengths.every((length) => length !== undefined)
      ? `${name}(${lengths.map((length) => `${length}px`).join(',')})`
      : whole;
  });
}

/** Returns the transform of the individual properties, in their order; undefined if there is none. */
function individualTransform(declared: (name: string) => string | undefined): string | undefined {
  const functions = INDIVIDUAL.flatMap((name) => {
    const words = declared(name)?.trim().split(/\s+/) ?? [];
    if (!words[0] || words[0] === 'none' || words.length > 2) return [];
    return [`${name}(${words.join(',')})`];
  });
  return functions.length ? functions.join(' ') : undefined;
}

/**
 * Moves the origin of each transform into it: translated there, transformed, and back.
 *
 * @param report gets `transform-origin` where an origin depends on the bounding box of more than a simple shape, or on
 *   selectors that were not understood
 */
export function resolveTransformOrigins({ root, rules }: SvgDocument, report: SvgReport): void {
  const needsWork = (name: string, value: string) =>
    (WANTED.has(name) && name !== 'transform' && name !== 'transform-box') ||
    (name === 'transform' && value.includes('%'));
  let isUsed = rules.some(({ declarations }) => declarations.some(({ name, value }) => needsWork(name, value)));
  walk(root, ({ attributes }) => {
    isUsed ||=
      attributes.has(ORIGIN) ||
      /transform-origin|transform\s*:[^;]*%|(?:^|[;\s])(?:rotate|scale|translate)\s*:/i.test(
        attributes.get('style') ?? '',
      );
  });
  if (!isUsed) return;
  const cascade = createCascade(rules, (name) => WANTED.has(name));
  const visit = (place: Place) => {
    const { element } = place;
    const { attributes } = element;
    const declared = cascade.declared(place);
    const declaredValue = (name: string) => declared.get(name)?.value ?? attributes.get(name);
    // Without a box, only an origin in lengths is known.
    const box = referenceBox(place, declaredValue('transform-box')?.toLowerCase());
    const individual = individualTransform((name) => declared.get(name)?.value);
    const own = declaredValue('transform');
    const wanted = individual ? `${individual} ${own === undefined || own === 'none' ? '' : own}`.trim() : own;
    const transform = wanted && inPixels(wanted, box);
    const origin = declaredValue(ORIGIN) ?? (individual ? '0 0' : undefined);
    if (origin === undefined && transform !== own && transform) setStyle(element, transform, [0, 0]);
    if (origin !== undefined && transform !== undefined && transform !== 'none') {
      const resolved = parseOrigin(
        origin,
        box ?? { x: Number.NaN, y: Number.NaN, width: Number.NaN, height: Number.NaN },
      );
      if (!resolved?.every(Number.isFinite)) report.unsupported.add(ORIGIN);
      else if (declared.has('transform') || individual) setStyle(element, transform, resolved);
      else
        attributes.set(
          'transform',
          `translate(${resolved.join(' ')}) ${transform} translate(${resolved.map((side) => -side).join(' ')})`,
        );
    }
    for (const child of childElements(element)) visit({ element: child, parent: place });
  };
  visit({ element: root, parent: undefined });
  if (!cascade.isComplete()) report.unsupported.add(ORIGIN);
}

/** Writes a transform of CSS, whose lengths have units, as the last declaration of an element: librsvg reads no `!important` here. */
function setStyle({ attributes }: SvgElement, transform: string, [x, y]: readonly [number, number]): void {
  const rest = parseDeclarations(attributes.get('style') ?? '').filter(({ name }) => !WANTED.has(name));
  const value = `translate(${x}px,${y}px) ${transform} translate(${-x}px,${-y}px)`;
  attributes.set('style', declarationsText([...rest, { name: 'transform', value, isImportant: false }]));
}
