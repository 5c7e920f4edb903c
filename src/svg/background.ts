/** The background of the root (CSS Backgrounds), which librsvg does not paint: as a rectangle before everything else. */
import type { Size } from '../image/size.ts';
import { createCascade } from './cascade.ts';
import type { SvgDocument } from './reader.ts';
import { parseViewBox } from './root-size.ts';
import type { SvgReport } from './tree.ts';

/** Matches a colour of CSS, and no other word of a `background`. */
const COLOUR = /^(?:#[\da-f]{3,8}|(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([^()]{1,100}\)|[a-z]{3,30})$/i;
const NOTHING = /^(?:none|transparent|inherit|initial|unset|revert|0 0)$/i;

/**
 * Paints the background colour of the root.
 *
 * @param size of the root in CSS pixels
 * @param report gets `background` if it is more than a colour
 */
export function paintBackground({ root, rules }: SvgDocument, size: Size, report: SvgReport): void {
  const names = ['background', 'background-color', 'background-image'];
  const cascade = createCascade(rules, (name) => names.includes(name));
  const declared = new Map(cascade.declared({ element: root, parent: undefined }));
  const image = declared.get('background-image')?.value.trim() ?? 'none';
  if (!NOTHING.test(image)) report.unsupported.add('background');
  declared.delete('background-image');
  const value = [...declared.values()].at(-1)?.value.trim();
  if (value === undefined || NOTHING.test(value)) return;
  if (!COLOUR.test(value)) {
    report.unsupported.add('background');
    return;
  }
  const box = parseViewBox(root.attributes.get('viewBox')) ?? { x: 0, y: 0, ...size };
  // The view box is fitted into the root, and may leave room beside it.
  const scale = Math.min(size.width / box.width, size.height / box.height);
  const [width, height] = [size.width / scale, size.height / scale];
  const attributes = new Map([
    ['x', `${box.x - width}`],
    ['y', `${box.y - height}`],
    ['width', `${box.width + 2 * width}`],
    ['height', `${box.height + 2 * height}`],
    [
      'style',
      `fill:${value}!important;stroke:none!important;fill-opacity:1!important;opacity:1!important;transform:none!important;filter:none!important;mask:none!important;clip-path:none!important;display:inline!important;visibility:visible!important`,
    ],
  ]);
  root.children.unshift({ name: 'rect', attributes, children: [] });
}
