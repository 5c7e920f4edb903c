/** The transform of the root (CSS Transforms, 6), which turns about the middle of the image; librsvg turns about its corner. */
import type { Size } from '../image/size.ts';
import { createCascade } from './cascade.ts';
import { declarationsText, parseDeclarations } from './css.ts';
import type { SvgDocument } from './reader.ts';
import { parseViewBox } from './root-size.ts';
import type { SvgElement } from './tree.ts';

/** Moves the transform of the root to a group around its content. */
export function resolveRootTransform({ root, rules }: SvgDocument, size: Size): void {
  const { attributes } = root;
  const cascade = createCascade(rules, (name) => name === 'transform');
  const declared = cascade.declared({ element: root, parent: undefined }).get('transform')?.value;
  const transform = (declared ?? attributes.get('transform'))?.trim();
  attributes.delete('transform');
  const style = attributes.get('style');
  // One of a style sheet is overridden.
  const rest = parseDeclarations(style ?? '').filter(({ name }) => name !== 'transform');
  if (declared !== undefined) rest.push({ name: 'transform', value: 'none', isImportant: false });
  if (rest.length) attributes.set('style', declarationsText(rest));
  else attributes.delete('style');
  if (!transform || transform === 'none') return;
  const box = parseViewBox(attributes.get('viewBox')) ?? { x: 0, y: 0, ...size };
  const unit = Math.min(size.width / box.width, size.height / box.height);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const [before, after] = [`translate(${x},${y}) scale(${1 / unit})`, `scale(${unit}) translate(${-x},${-y})`];
  const group: SvgElement = { name: 'g', attributes: new Map(), children: root.children };
  // Lengths of CSS have units, those of the attribute have none.
  if (declared === undefined) group.attributes.set('transform', `${before} ${transform} ${after}`);
  else
    group.attributes.set(
      'style',
      `transform:${before.replace(`${x},${y}`, `${x}px,${y}px`)} ${transform} ${after.replace(`${-x},${-y}`, `${-x}px,${-y}px`)}`,
    );
  root.children = [group];
}
