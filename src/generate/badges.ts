/** Badges of the README, from package.json: images in the repository, so that they need no other server. */
import manifest from '../../package.json' with { type: 'json' };

const HEIGHT = 20;
const PADDING = 6;
/** Pixels of a character of the font, on average. The text is fitted to it, whatever the font. */
const CHARACTER = 6.5;

/** Returns an SVG of 20 px height: two texts side by side, the second one on colour. Neither text may contain markup. */
export function toBadge(label: string, value: string): string {
  const widthOf = (text: string) => Math.round(text.length * CHARACTER) + 2 * PADDING;
  const [left, right] = [widthOf(label), widthOf(value)];
  const width = left + right;
  const text = (content: string, x: number, box: number) =>
    `<text x="${x + PADDING}" y="14" textLength="${box - 2 * PADDING}">${content}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${label}: ${value}">
<clipPath id="c"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#c)"><rect width="${left}" height="${HEIGHT}" fill="#444"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="#1f6f54"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(label, 0, left)}${text(value, left, right)}</g>
</svg>
`;
}

/** Returns the badges by their paths in the repository. */
export const badges = (): Record<string, string> => ({
  '.github/images/badge-version.svg': toBadge('version', manifest.version),
  '.github/images/badge-status.svg': toBadge('status', manifest.version.startsWith('0.') ? 'before 1.0' : 'stable'),
  '.github/images/badge-licence.svg': toBadge('licence', manifest.license),
});
