/** Checks the references of an SVG: they may point into the SVG itself or be embedded, never to other files. */
import { peekSize } from '../image/formats/size.ts';
import { sniff } from '../image/formats/sniff.ts';
import { svgUnsupported } from './errors.ts';

/** Resolves CSS escapes (CSS Syntax, 4.3.7), so that they cannot hide a reference. */
const unescapeCss = (css: string) =>
  css.replace(/\\([0-9a-f]{1,6})\s?|\\([\s\S])/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10_ffff)) : (char ?? ''),
  );

/**
 * Checks a style sheet, a style or any other attribute: every `url()` must point into the SVG, and nothing be imported.
 *
 * @throws ImageError SOURCE_UNSUPPORTED
 */
export function checkCss(text: string): void {
  const css = unescapeCss(text);
  if (/@import/i.test(css)) throw svgUnsupported('it imports a style sheet');
  for (const [, target = ''] of css.matchAll(/url\(\s*['"]?\s*([^)]*)/gi))
    if (!/^(?:#|data:(?:image|font)\/|$)/i.test(target)) throw svgUnsupported('it refers to another file');
}

/** Returns the pixels of an embedded image by its header: the decoder in librsvg has no limit. */
function embeddedPixels(uri: string): number {
  const [, data] = /^data:image\/(?:png|jpe?g|gif|webp|avif)[^,]*;base64,([\s\S]*)$/i.exec(uri) ?? [];
  if (data === undefined) throw svgUnsupported('it embeds data other than PNG, JPEG, GIF, WebP or AVIF in base64');
  const bytes = Buffer.from(data, 'base64');
  const size = peekSize(bytes, sniff(bytes, true));
  return size ? size.width * size.height : 0;
}

/**
 * Checks an `href` or `src`.
 *
 * @returns the pixels of an embedded image; 0 for a reference into the SVG and for links
 * @throws ImageError SOURCE_UNSUPPORTED
 */
export function checkReference(element: string, uri: string): number {
  if (uri.startsWith('#') || uri === '' || element === 'a') return 0;
  if (!/^data:/i.test(uri)) throw svgUnsupported('it refers to another file');
  return embeddedPixels(uri);
}
