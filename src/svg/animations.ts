/**
 * Resolves animation elements (SMIL Animation; SVG Animations Level 2) into the state that lasts: of one that repeats without end
 * its start, of one that freezes its end, of any other what is there without it.
 */
import { declarationsText, parseDeclarations } from './css.ts';
import { filterValue } from './references.ts';
import { ANIMATIONS } from './rules.ts';
import { childElements, elementsById, type SvgElement, type SvgReport, walk } from './tree.ts';

/** Seconds of a unit of time. */
const UNITS: Readonly<Record<string, number>> = { h: 3600, min: 60, s: 1, ms: 0.001, '': 1 };
/** Properties of CSS, whose animated value wins over style sheets. */
const PROPERTY =
  /^(?:fill|stroke|opacity|color|display|visibility|(?:fill|stroke|stop|flood)-[a-z]+|stroke-(?:dash|mitre)[a-z]+)$/;

/** Returns seconds; undefined for anything else, such as an event. */
function seconds(text: string): number | undefined {
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const [, number, unit = ''] = /^([+-]?\d*\.?\d+)(h|min|s|ms)?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1);
}

type Attribute = (name: string) => string | undefined;

/** Returns when an animation begins first; undefined if that is not known. */
function beginOf(attribute: Attribute): number | undefined {
  const times = (attribute('begin') ?? '0').split(';').map((time) => seconds(time.trim()));
  const known = times.filter((time) => time !== undefined);
  return known.length ? Math.min(...known) : undefined;
}

/** Returns the values of an animation in order; undefined where the first is the one without it. */
function valuesOf(name: string, attribute: Attribute): readonly (string | undefined)[] {
  const values = attribute('values')
    ?.split(';')
    .map((value) => value.trim());
  if (name === 'set') return [attribute('to')];
  return values?.filter(Boolean) ?? [attribute('from'), attribute('to')];
}

/** Returns the value at a time of a cycle, from 0 to 1: between two numbers a number, else the earlier value. */
function valueAt(values: readonly (string | undefined)[], progress: number): string | undefined {
  const at = progress * (values.length - 1);
  const [before, after] = [values[Math.floor(at)], values[Math.ceil(at)]];
  const [from, to] = [Number(before), Number(after)];
  if (before === undefined || !Number.isFinite(from + to)) return before;
  return `${from + (to - from) * (at % 1)}`;
}

/** Returns the value that lasts; undefined if it is the one without the animation. */
function lastingValue({ name, attributes }: SvgElement): string | undefined {
  const attribute: Attribute = (key) => attributes.get(key)?.trim();
  const begin = beginOf(attribute);
  if (begin === undefined) return undefined;
  const duration = seconds(attribute('dur') ?? '');
  const values = valuesOf(name, attribute);
  const isEndless = [attribute('repeatCount'), attribute('repeatDur')].includes('indefinite') || duration === undefined;
  if (!isEndless) return attribute('fill') === 'freeze' ? values.at(-1) : undefined;
  if (begin > 0) return undefined;
  return valueAt(values, duration ? (-begin / duration) % 1 : 0);
}

/** Returns the transform of an animation; undefined if it has no effect. */
function transformOf(animation: SvgElement, target: SvgElement): string | undefined {
  const own = target.attributes.get('transform') ?? '';
  const value = lastingValue(animation);
  const type = animation.attributes.get('type') ?? 'translate';
  if (animation.name === 'animateTransform') {
    if (value === undefined || !/^(?:translate|scale|rotate|skewX|skewY)$/.test(type)) return undefined;
    return `${animation.attributes.get('additive') === 'sum' ? own : ''} ${type}(${value})`.trim();
  }
  const start = /^\s*M\s*([+-]?[\d.]+)[\s,]*([+-]?[\d.]+)/i.exec(animation.attributes.get('path') ?? '');
  const isEndless = animation.attributes.get('repeatCount') === 'indefinite';
  return start && isEndless ? `translate(${start[1]},${start[2]}) ${own}`.trim() : undefined;
}

function apply(animation: SvgElement, target: SvgElement, report: SvgReport): void {
  const name =
    animation.attributes
      .get('attributeName')
      ?.trim()
      .replace(/^xlink:/, '') ?? '';
  if (animation.name === 'animateTransform' || animation.name === 'animateMotion') {
    const transform = transformOf(animation, target);
    const isGradient = /gradient|pattern/i.test(name);
    if (transform !== undefined) target.attributes.set(isGradient ? name : 'transform', transform);
    return;
  }
  const lasting = lastingValue(animation);
  const value = lasting === undefined || name === 'href' ? undefined : filterValue(lasting, report);
  if (value === undefined || !/^[A-Za-z][\w-]*$/.test(name) || /^(?:on|id$|class$|style$)/i.test(name)) return;
  target.attributes.set(name, value);
  if (!PROPERTY.test(name)) return;
  const style = parseDeclarations(`${name}:${value}!important`);
  const own = parseDeclarations(target.attributes.get('style') ?? '').filter(
    (declaration) => declaration.name !== name,
  );
  target.attributes.set('style', declarationsText([...own, ...style]));
}

/** Applies all animations, and leaves their elements out. @param report gets `animation` if there are any */
export function resolveAnimations(root: SvgElement, report: SvgReport): void {
  const byId = elementsById(root);
  const animations: { animation: SvgElement; parent: SvgElement }[] = [];
  walk(root, (element) => {
    for (const child of childElements(element))
      if (ANIMATIONS.has(child.name)) animations.push({ animation: child, parent: element });
  });
  for (const { animation, parent } of animations) {
    const href = animation.attributes.get('href');
    const target = href === undefined ? parent : byId.get(href.slice(1));
    if (target && !ANIMATIONS.has(target.name)) apply(animation, target, report);
  }
  if (!animations.length) return;
  report.unsupported.add('animation');
  walk(root, (element) => {
    element.children = element.children.filter((child) => typeof child === 'string' || !ANIMATIONS.has(child.name));
  });
}
