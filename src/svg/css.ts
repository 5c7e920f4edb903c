/** Parses and filters CSS: style sheets, `style` attributes and single values (CSS Syntax Level 3). Each text is walked once. */
import { readSelectors } from './selector-text.ts';

export interface Declaration {
  /** In lower case, but for custom properties. */
  readonly name: string;
  /** Without `!important`. */
  readonly value: string;
  readonly isImportant: boolean;
}

export interface Rule {
  /** The selectors, as they were written. */
  readonly selectors: string;
  readonly declarations: readonly Declaration[];
}

/** Resolves CSS escapes (CSS Syntax, 4.3.7), so that they cannot hide a reference. */
export const unescapeCss = (css: string): string =>
  css.replace(/\\([0-9a-f]{1,6})\s?|\\([\s\S])/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(Number.parseInt(hex, 16) || 0xfffd, 0x10_ffff)) : (char ?? ''),
  );

/** Matches a comment, a string, an escape, an unquoted URL, a bracket or separator, or a run of other characters. */
const TOKEN =
  /\/\*|"(?:[^"\\\n]+|\\[\s\S])*"?|'(?:[^'\\\n]+|\\[\s\S])*'?|\\[\s\S]?|url\(\s*[^"'\s)][^)"'(]*\)?|<!--|-->|[{}()[\];]|[^\\"'{}()[\];/u<-]+|[\s\S]/giy;

/** Splits CSS into tokens, without comments. A string without an end gets one, so that nothing after it becomes a part of it. */
function* tokensOf(css: string): Generator<string> {
  TOKEN.lastIndex = 0;
  const token = new RegExp(TOKEN);
  for (let match = token.exec(css); match; match = token.exec(css)) {
    const [text] = match;
    if (text !== '/*') {
      const quote = text[0] ?? '';
      const isOpen = (quote === '"' || quote === "'") && (text.length === 1 || !text.endsWith(quote));
      yield isOpen ? text + quote : text;
      continue;
    }
    const end = css.indexOf('*/', token.lastIndex);
    token.lastIndex = end < 0 ? css.length : end + 2;
  }
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };
/** Maximum nested brackets. */
const MAX_DEPTH = 64;

/**
 * Splits CSS at a separator outside of brackets and strings. Brackets without an end get one, as at the end of a file.
 *
 * @param isBlock whether a block in braces ends a part, too
 * @returns pairs of what precedes the separator or block, and the content of the block
 */
function split(css: string, isBlock: boolean): (readonly [text: string, block: string | undefined])[] {
  const parts: [string, string | undefined][] = [];
  const closing: string[] = [];
  let text = '';
  let block: string | undefined;
  let isAtRule = false;
  for (const token of tokensOf(css)) {
    if (text === '') isAtRule = token.trimStart().startsWith('@');
    const opens = CLOSING[token];
    if (opens && closing.length < MAX_DEPTH) closing.push(opens);
    else if (token === closing.at(-1)) closing.pop();
    if (isBlock && block === undefined && token === '{' && closing.length === 1) block = '';
    else if (block !== undefined && !closing.length) {
      parts.push([text, block]);
      [text, block] = ['', undefined];
    } else if (block !== undefined) block += token;
    else if (token === ';' && !closing.length && (!isBlock || isAtRule)) {
      parts.push([text, undefined]);
      text = '';
    } else if (token.trim() === '' ? text !== '' : !isBlock || (token !== '<!--' && token !== '-->')) text += token;
  }
  if (!isBlock) text += closing.reverse().join('');
  if (text.trim() || block !== undefined) parts.push([text, block]);
  return parts;
}

/** Parses the declarations of a `style` attribute or of a rule. What has no name is left out, as browsers do. */
export function parseDeclarations(css: string): Declaration[] {
  return split(css, false).flatMap(([text]) => {
    const colon = text.indexOf(':');
    const name = unescapeCss(text.slice(0, Math.max(0, colon))).trim();
    const whole = text.slice(colon + 1).trim();
    const value = whole.replace(/\s*!\s*important$/i, '');
    if (!/^-{0,2}[a-z_][\w-]*$/i.test(name) || value === '') return [];
    return [{ name: name.startsWith('--') ? name : name.toLowerCase(), value, isImportant: value !== whole }];
  });
}

/** Serializes declarations for a `style` attribute or a rule. */
export const declarationsText = (declarations: readonly Declaration[]): string =>
  declarations.map(({ name, value, isImportant }) => `${name}:${value}${isImportant ? '!important' : ''}`).join(';');

/** Matches a media query that is true for an image on a screen, without a look at its size. */
const SCREEN = /^(?:(?:only\s+)?(?:all|screen)|not\s+(?:print|speech))?$/i;
/** Matches the preferences of a browser that has none. */
const FEATURE =
  /^\(\s*(?:prefers-color-scheme\s*:\s*light|prefers-reduced-motion\s*:\s*no-preference|prefers-contrast\s*:\s*no-preference|forced-colors\s*:\s*none)\s*\)$/i;

/** Returns whether a media query list is one that is surely true. */
export const isScreenMedia = (media: string) =>
  media.split(',').some((query) => {
    const parts = query.trim().split(/\s+and\s+/i);
    return parts.every((part, index) => (index === 0 && SCREEN.test(part)) || FEATURE.test(part));
  });

/** Matches what is an error in a selector: then the rule is left out, so that no parser of CSS has to recover from it. */
const NOT_IN_SELECTORS = /[@;{}<]|url\(/i;

/**
 * Parses a style sheet. Of at-rules only the content of `@media` for a screen of any size, `@supports` and `@layer` is kept: librsvg reads
 * none of them.
 *
 * @param onAtRule gets the name in lower case and the text of every other at-rule
 * @param depth of nested `@media`
 */
export function parseStyleSheet(
  css: string,
  onAtRule: (name: string, text: string, block?: string) => void,
  depth = 0,
): Rule[] {
  return split(css, true).flatMap(([text, block]) => {
    const selectors = text.trim();
    const [, name, prelude = ''] = /^@([^\s("';]*)\s*([\s\S]*)$/.exec(unescapeCss(selectors)) ?? [];
    if (name === undefined) {
      const isRule = block !== undefined && !NOT_IN_SELECTORS.test(unescapeCss(selectors));
      return isRule ? [{ selectors: readSelectors(selectors), declarations: parseDeclarations(block) }] : [];
    }
    if (name.toLowerCase() === 'media' && block !== undefined && depth < 4 && isScreenMedia(prelude.trim()))
      return parseStyleSheet(block, onAtRule, depth + 1);
    // Conditions of what a browser supports are true but for those that ask for the contrary.
    if (/^(?:supports|layer)$/i.test(name) && block !== undefined && depth < 4)
      return /\bnot\b/i.test(prelude) ? [] : parseStyleSheet(block, onAtRule, depth + 1);
    onAtRule(name.toLowerCase(), `${prelude}${block ?? ''}`, block);
    return [];
  });
}

/** Serializes a style sheet. */
export const styleSheetText = (rules: readonly Rule[]): string =>
  rules.map(({ selectors, declarations }) => `${selectors}{${declarationsText(declarations)}}`).join('\n');
