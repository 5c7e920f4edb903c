/** Lists of coordinates of characters (SVG 2, 11.4), of which librsvg reads the first: each character gets a `tspan` of its own. */
import { type SvgElement, walk } from './tree.ts';

const LISTS = ['x', 'y', 'dx', 'dy'] as const;
const SEPARATOR = /[\s,]+/;

const listOf = ({ attributes }: SvgElement, name: string) => (attributes.get(name) ?? '').trim().split(SEPARATOR);
const hasLists = (element: SvgElement) => LISTS.some((name) => listOf(element, name).length > 1);

/** Collapses white space as SVG does by default. It has no coordinates at the start. */
const collapse = (text: string, isFirst: boolean) => {
  const collapsed = text.replace(/[\n\r]/g, '').replace(/[\t ]+/g, ' ');
  return isFirst ? collapsed.trimStart() : collapsed;
};

/** Splits the text of an element that has no others in it, up to the end of its longest list. */
function splitText(element: SvgElement): void {
  const lists = LISTS.map((name) => [name, listOf(element, name)] as const).filter(([, list]) => list.length > 1);
  const [text] = element.children;
  if (typeof text !== 'string' || element.children.length > 1) return;
  const isPreserved = element.attributes.get('xml:space') === 'preserve';
  const characters = [...(isPreserved ? text : collapse(text, true))];
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

/** Splits the texts that have lists of coordinates. */
export function splitTextLists(root: SvgElement): void {
  walk(root, (element) => {
    if ((element.name === 'text' || element.name === 'tspan') && hasLists(element)) splitText(element);
  });
}
