/** Lists of coordinates of characters (SVG 2, 11.4), of which librsvg reads the first: each character gets a `tspan` of its own. */
import { childElements, type SvgElement, walk } from './tree.ts';

const LISTS = ['x', 'y', 'dx', 'dy'] as const;
const SEPARATOR = /[\s,]+/;

const listOf = ({ attributes }: SvgElement, name: string) => (attributes.get(name) ?? '').trim().split(SEPARATOR);
const hasLists = (element: SvgElement) => LISTS.some((name) => listOf(element, name).length > 1);

/** Collapses white space as SVG does by default. It has no coordinates at the start. */
const collapse = (text: string, isFirst: boolean) => {
  const collapsed = text.replace(/[\n\r]/g, '').replace(/[\t ]+/g, ' ');
  return isFirst ? collapsed.trimStart() : collapsed;
};

/** Returns whether white space is preserved in an element. */
const spaceOf = ({ attributes }: SvgElement, isPreserved: boolean) =>
  attributes.has('xml:space') ? attributes.get('xml:space') === 'preserve' : isPreserved;

/** What is carried from one character of a text to the next. */
interface TextState {
  isAfterSpace: boolean;
}

/** Returns the addressable characters of a text node: white space is collapsed across elements. */
function charactersOf(text: string, isPreserved: boolean, state: TextState): string[] {
  const collapsed = isPreserved ? text : collapse(text, state.isAfterSpace);
  if (collapsed) state.isAfterSpace = !isPreserved && collapsed.endsWith(' ');
  return [...collapsed];
}

/** Splits the text of an element that has no others in it, up to the end of its longest list. */
function splitText(element: SvgElement): void {
  const lists = LISTS.map((name) => [name, listOf(element, name)] as const).filter(([, list]) => list.length > 1);
  const [text] = element.children;
  if (typeof text !== 'string' || element.children.length > 1) return;
  const characters = charactersOf(text, spaceOf(element, false), { isAfterSpace: true });
  const length = Math.min(Math.max(...lists.map(([, list]) => list.length)), characters.length);
  const spans = characters.slice(1, length).map((character, index): SvgElement => {
    const own = lists.flatMap(([name, list]) => {
      const value = list[index + 1];
      return value === undefined ? [] : [[name, value] as const];
    });
    return { name: 'tspan', attributes: new Map(own), children: [character] };
  });
  for (const [name, list] of lists) element.attributes.set(name, list[0] ?? '0');
  const rest = characters.slice(length).join('');
  // What follows the last coordinate is of the same chunk.
  const last = spans.at(-1);
  if (last) last.children = [`${last.children[0]}${rest}`];
  element.children = [characters[0] ?? '', ...spans];
}

/** The values of one attribute for the characters of an element, and how many of these there were. */
interface Cursor {
  readonly name: string;
  readonly values: readonly string[];
  used: number;
}

/** Returns the values of the next character: for each attribute, those of the innermost element that still has one. */
function nextValues(cursors: readonly Cursor[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const cursor of cursors) {
    const value = cursor.values[cursor.used++];
    if (value === undefined) continue;
    // A single value stays where it is: at its element.
    if (cursor.values.length > 1) values.set(cursor.name, value);
    else values.delete(cursor.name);
  }
  return values;
}

/** Gives each character of a text and of the elements in it the values of all lists around it (SVG 2, 11.4). */
function spreadLists(element: SvgElement, around: readonly Cursor[], isPreserved: boolean, state: TextState): void {
  const { attributes } = element;
  const own = LISTS.filter((name) => attributes.has(name)).map(
    (name): Cursor => ({ name, values: listOf(element, name), used: 0 }),
  );
  for (const { name, values } of own) if (values.length > 1) attributes.delete(name);
  const cursors = [...around, ...own];
  const children: SvgElement['children'] = [];
  for (const child of element.children) {
    if (typeof child !== 'string') {
      children.push(child);
      spreadLists(child, cursors, spaceOf(child, isPreserved), state);
      continue;
    }
    // The last text: what has no values of its own is of the same chunk.
    let open: SvgElement['children'] = children;
    for (const character of charactersOf(child, isPreserved, state)) {
      const values = nextValues(cursors);
      if (values.size) {
        open = [''];
        children.push({ name: 'tspan', attributes: values, children: open });
      }
      const last = open.at(-1);
      if (typeof last === 'string') open[open.length - 1] = last + character;
      else open.push(character);
    }
  }
  element.children = children;
}

/** Returns whether a text has elements in it for which the lists of another one, or of itself, count. */
function hasNestedLists(text: SvgElement): boolean {
  let isNested = false;
  let isKnown = true;
  walk(text, (element) => {
    isNested ||= hasLists(element) && childElements(element).length > 0;
    isKnown &&= element === text || element.name === 'tspan' || element.name === 'a';
  });
  return isNested && isKnown;
}

/** Splits the texts that have lists of coordinates. */
export function splitTextLists(root: SvgElement): void {
  walk(root, (element) => {
    if (element.name === 'text' && hasNestedLists(element))
      spreadLists(element, [], spaceOf(element, false), { isAfterSpace: true });
    if ((element.name === 'text' || element.name === 'tspan') && hasLists(element)) splitText(element);
  });
}
