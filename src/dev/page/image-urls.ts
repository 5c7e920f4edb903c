/** Builds the URLs of a state's image, and of its `srcset`. Pure; src/client/url.ts builds every URL. */
import { generate, srcset, type UrlOptions } from '../../client/url.ts';
import type { State } from './state.ts';

/** Maximum value of `w`. */
const MAX_WIDTH = 8192;

/** Sizes in pixels, and whether the source has an alpha channel; undefined until they are known. */
export interface ImageInfo {
  readonly sourceWidth?: number | undefined;
  readonly alpha?: boolean | undefined;
  /** Size of the output. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Values of `f` that return text: metadata, placeholders, the dominant colour. */
const TEXT_FORMATS = ['json', 'blurhash', 'thumbhash', 'lqip', 'color'];

/** Returns whether the output is text instead of an image: image info, a placeholder or a data URL. */
export const isTextOutput = ({ options }: State): boolean =>
  TEXT_FORMATS.includes(options.f ?? '') || options.encoding !== undefined;

/** Returns the path and query of a URL with or without a scheme. */
export const pathOf = (u: string): string => u.replace(/^(?:[a-z0-9]+:\/\/)?[^/]*/i, '');

/** Returns the file name without its extension: `https://example.com/my-cat.jpg?x` → `my-cat`; `image` without a name. */
export function fileName(u: string): string {
  const lastSegment = /([^/?#]*)(?:[?#].*)?$/.exec(pathOf(u))?.[1] ?? '';
  return lastSegment.replace(/\.\w{2,4}$/, '') || 'image';
}

/** Returns the `alt` text of an image: its file name, with spaces for `-`, `_` and `+`. */
export function altOf(u: string): string {
  const name = fileName(u).replace(/[-_+]+/g, ' ');
  try {
    return decodeURIComponent(name).trim();
  } catch {
    return name.trim();
  }
}

/** Returns the options with the key, for the functions of url.ts: they accept strings and numbers. */
export const withKey = ({ options }: State, key: string) =>
  ({ ...options, ...(key && { k: key }) }) as UrlOptions & { k?: string };

export const imageUrl = (state: State, key: string): string => generate(state.base, state.u, withKey(state, key));

const pixels = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : undefined);

/**
 * Returns the options of a `srcset`, which apply at every width. Width and height of a cropped or padded image become an
 * aspect ratio; `dpr` is omitted, because the browser chooses a width by it.
 */
export function srcsetOptions({
  w,
  h,
  dpr: _,
  ...options
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [width, height] = [pixels(w), pixels(h)];
  const hasFixedRatio = ['cover', 'contain', 'fill'].includes(options.fit ?? '');
  return hasFixedRatio && width && height && !options.ar ? { ...options, ar: `${width}:${height}` } : options;
}

/** Returns the widths of the `srcset`: 0.5, 1, 1.5 and 2 times the CSS width, for phones to high-density screens, up to the source's. */
export function widthsFor({ options }: State, { width, sourceWidth }: ImageInfo): number[] {
  const cssWidth = pixels(options.w) ?? Math.round((width ?? 640) / (Number(options.dpr) || 1));
  const maxWidth = Math.min(MAX_WIDTH, sourceWidth ?? MAX_WIDTH);
  const widths = [0.5, 1, 1.5, 2].map((factor) => Math.min(maxWidth, Math.max(1, Math.round(cssWidth * factor))));
  return [...new Set(widths)];
}

/** Returns `sizes` of the `srcset`: the CSS width, or that of a smaller screen. */
export function sizesFor(state: State, info: ImageInfo): string {
  const cssWidth = pixels(state.options.w) ?? Math.max(...widthsFor(state, info)) / 2;
  return `(max-width: ${cssWidth}px) 100vw, ${cssWidth}px`;
}

/** Returns the entries of the `srcset`. */
export function widthUrls(state: State, key: string, info: ImageInfo): { url: string; width: number }[] {
  const options = withKey({ ...state, options: srcsetOptions(state.options) }, key);
  return srcset(state.base, state.u, { ...options, widths: widthsFor(state, info) })
    .split(', ')
    .map((entry) => entry.split(' '))
    .map(([url = '', width]) => ({ url, width: Number.parseInt(width ?? '', 10) }));
}

/** Returns the size of the output in CSS pixels, which prevents a layout shift; undefined until it is known. */
export function cssSize({ options }: State, { width, height }: ImageInfo) {
  const dpr = Number(options.dpr) || 1;
  if (!width || !height) return undefined;
  return { width: Math.round(width / dpr) || 1, height: Math.round(height / dpr) || 1 };
}
