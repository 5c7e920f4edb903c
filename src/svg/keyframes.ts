/** Resolves animations of CSS (CSS Animations Level 1) into the state that lasts, as `animations.ts` does. */
import { type Declaration, declarationsText, parseDeclarations, parseStyleSheet, type Rule } from './css.ts';
import { filterDeclarations } from './references.ts';
import { type SvgElement, type SvgReport, walk } from './tree.ts';

/** The first and the last keyframe of an animation. */
export interface Keyframes {
  readonly from: readonly Declaration[];
  readonly to: readonly Declaration[];
}

/** Parses `@keyframes`. @param block the rules as they were written */
export function parseKeyframes(name: string, block: string, report: SvgReport): readonly [string, Keyframes] {
  const rules = parseStyleSheet(block, () => {});
  const at = (pattern: RegExp) =>
    filterDeclarations(
      rules
        .filter(({ selectors }) => selectors.split(',').some((selector) => pattern.test(selector.trim())))
        .flatMap(({ declarations }) => declarations)
        .filter((declaration) => !declaration.name.startsWith('animation')),
      report,
    );
  return [name.trim().replace(/^["']|["']$/g, ''), { from: at(/^(?:from|0+(?:\.0+)?%)$/i), to: at(/^(?:to|100%)$/i) }];
}

const TIME = /^[+-]?[\d.]+m?s$/i;

/** Returns the declarations that last of the animation that some declarations ask for. */
function lasting(
  declarations: readonly Declaration[],
  keyframes: ReadonlyMap<string, Keyframes>,
): readonly Declaration[] {
  const words = declarations
    .filter(({ name }) => /^(?:-webkit-)?animation/.test(name))
    .flatMap(({ name, value }) =>
      value.split(/[\s,]+/).map((word) => (name.endsWith('-delay') ? `delay:${word}` : word)),
    );
  const frames = words.map((word) => keyframes.get(word.replace(/^["']|["']$/g, ''))).find(Boolean);
  if (!frames) return [];
  if (words.includes('forwards') || (words.includes('both') && !words.includes('infinite'))) return frames.to;
  if (!words.includes('infinite')) return [];
  const delay = words.find((word) => word.startsWith('delay:'))?.slice(6) ?? words.filter((word) => TIME.test(word))[1];
  return Number.parseFloat(delay ?? '0') > 0 && !/^(?:both|backwards)$/m.test(words.join('\n')) ? [] : frames.from;
}

/**
 * Adds the declarations that last to the rules and `style` attributes that start an animation.
 *
 * @param report gets `animation` if there is one
 */
export function resolveKeyframes(
  root: SvgElement,
  rules: Rule[],
  keyframes: ReadonlyMap<string, Keyframes>,
  report: SvgReport,
): void {
  if (!keyframes.size) return;
  const extend = (declarations: readonly Declaration[]) => {
    const isAnimated = declarations.some(({ name }) => /^(?:-webkit-)?animation(?:-name)?$/.test(name));
    if (!isAnimated) return declarations;
    report.unsupported.add('animation');
    return [...declarations, ...lasting(declarations, keyframes)];
  };
  for (const [index, rule] of rules.entries()) rules[index] = { ...rule, declarations: extend(rule.declarations) };
  walk(root, ({ attributes }) => {
    const style = attributes.get('style');
    if (style?.includes('animation')) attributes.set('style', declarationsText(extend(parseDeclarations(style))));
  });
}
