/** Drops references between gradients and patterns that lead nowhere: a browser ignores them, librsvg the whole gradient. */
import { elementsById, type SvgElement, walk } from './tree.ts';

const GRADIENTS: ReadonlySet<string> = new Set(['linearGradient', 'radialGradient']);

/** Whether an element may take its attributes from another one. */
const isKin = (name: string, other: string) => (GRADIENTS.has(name) ? GRADIENTS.has(other) : name === other);

/** Leaves out the reference of each gradient and pattern that is to nothing, to another kind of element, or in a cycle. */
export function resolveReferences(root: SvgElement): void {
  const byId = elementsById(root);
  const references: SvgElement[] = [];
  walk(root, (element) => {
    if ((GRADIENTS.has(element.name) || element.name === 'pattern') && element.attributes.has('href'))
      references.push(element);
  });
  const targetOf = ({ attributes }: SvgElement) => byId.get(attributes.get('href')?.slice(1) ?? '');
  for (const element of references) {
    const target = targetOf(element);
    if (!target || !isKin(element.name, target.name)) element.attributes.delete('href');
  }
  const done = new Set<SvgElement>();
  for (const element of references) {
    const path = new Set<SvgElement>();
    for (let at: SvgElement | undefined = element; at && !done.has(at); at = targetOf(at)) {
      path.add(at);
      const next = targetOf(at);
      if (next && path.has(next)) at.attributes.delete('href');
    }
    for (const visited of path) done.add(visited);
  }
}
