/** Writes the HTML of an image where pages are rendered as text. No dependencies. */
import { type PictureOptions, picture } from './url.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);

/** Returns attributes as HTML, each after a space; those that are undefined or empty are left out, but for `alt`. */
const toAttributes = (values: Readonly<Record<string, string | number | undefined>>) =>
  Object.entries(values)
    .filter(([name, value]) => value !== undefined && (value !== '' || name === 'alt'))
    .map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`)
    .join('');

/** Attributes of the `<img>`. `width` and `height` are those of the layout, in CSS pixels, and prevent that it shifts. */
export interface ImgAttributes {
  readonly alt: string;
  readonly width?: number;
  readonly height?: number;
  readonly class?: string;
  readonly loading?: 'lazy' | 'eager';
  readonly fetchpriority?: 'high' | 'low' | 'auto';
}

/**
 * Returns the HTML of a `<picture>` with AVIF, WebP and a fallback at several widths; for a `data:` URL an `<img>` alone.
 *
 * @param options as in `picture`
 * @example pictureHtml('https://img.example.com/', 'https://example.com/cat.jpg', { k: 'KEY', sizes: '50vw' }, { alt: 'A cat' })
 */
export function pictureHtml(
  base: string,
  source: string,
  options: PictureOptions,
  { alt, ...attributes }: ImgAttributes,
): string {
  const { sources, img } = picture(base, source, options);
  const { src, srcset } = img;
  const image = `<img${toAttributes({ ...img, sizes: srcset && img.sizes, src, alt, ...attributes })}>`;
  if (!sources.length) return image;
  return `<picture>${sources.map((one) => `<source${toAttributes(one)}>`).join('')}${image}</picture>`;
}
