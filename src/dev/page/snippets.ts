/** Creates the embed code of a state. Pure; src/client/url.ts builds every URL. */
import { generate, picture as pictureSources, srcset, type UrlOptions } from '../../client/url.ts';
import { escapeHtml } from './html.ts';
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

const escapeMarkdown = (text: string) => text.replace(/[\\[\]`*_<>!&]/g, '\\$&');
/** Quotes for sh: in single quotes only the single quote itself is special. */
export const quoteShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns the path and query of a URL with or without a scheme. */
const pathOf = (u: string) => u.replace(/^(?:[a-z0-9]+:\/\/)?[^/]*/i, '');

/** Returns the file name without its extension: `https://example.com/my-cat.jpg?x` → `my-cat`; `image` without a name. */
export function fileName(u: string): string {
  const lastSegment = /([^/?#]*)(?:[?#].*)?$/.exec(pathOf(u))?.[1] ?? '';
  return lastSegment.replace(/\.\w{2,4}$/, '') || 'image';
}

/** Returns the `alt` text of an image: its file name, with spaces for `-`, `_` and `+`. */
function altOf(u: string): string {
  const name = fileName(u).replace(/[-_+]+/g, ' ');
  try {
    return decodeURIComponent(name).trim();
  } catch {
    return name.trim();
  }
}

/** Returns the options with the key, for the functions of url.ts: they accept strings and numbers. */
const withKey = ({ options }: State, key: string) =>
  ({ ...options, ...(key && { k: key }) }) as UrlOptions & { k?: string };

export const imageUrl = (state: State, key: string): string => generate(state.base, state.u, withKey(state, key));

const pixels = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : undefined);

/**
 * Returns the options of a `srcset`, which apply at every width. Width and height of a cropped or padded image become an
 * aspect ratio; `dpr` is omitted, because the browser chooses a width by it.
 */
function srcsetOptions({ w, h, dpr: _, ...options }: Readonly<Record<string, string>>): Record<string, string> {
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

/** Returns the entries of the `srcset`. */
export function widthUrls(state: State, key: string, info: ImageInfo): { url: string; width: number }[] {
  const options = withKey({ ...state, options: srcsetOptions(state.options) }, key);
  return srcset(state.base, state.u, { ...options, widths: widthsFor(state, info) })
    .split(', ')
    .map((entry) => entry.split(' '))
    .map(([url = '', width]) => ({ url, width: Number.parseInt(width ?? '', 10) }));
}

const onLines = (set: string) => set.split(', ').join(',\n    ');

/** Returns the `<picture>` element with AVIF and WebP sources. @param size the `width` and `height` attributes, or empty */
function pictureElement(state: State, key: string, info: ImageInfo, size: string): string {
  const { f: _, ...options } = srcsetOptions(state.options);
  const widths = widthsFor(state, info);
  const cssWidth = pixels(state.options.w) ?? Math.max(...widths) / 2;
  const { sources, img } = pictureSources(state.base, state.u, {
    ...withKey({ ...state, options }, key),
    widths,
    sizes: `(max-width: ${cssWidth}px) 100vw, ${cssWidth}px`,
    fallback: info.alpha ? 'png' : 'jpg',
  });
  return [
    '<picture>',
    ...sources.map(
      ({ type, srcset: set, sizes }) =>
        `  <source type="${type}" sizes="${sizes}" srcset="\n    ${escapeHtml(onLines(set))}">`,
    ),
    `  <img src="${escapeHtml(img.src)}" srcset="\n    ${escapeHtml(onLines(img.srcset))}"\n    sizes="${img.sizes}"${size} alt="${escapeHtml(altOf(state.u))}">`,
    '</picture>',
  ].join('\n');
}

/** Returns a curl command; for an image it writes a file, named after the source and the width. */
function curlCommand(url: string, state: State): string {
  const { u, options } = state;
  if (isTextOutput(state)) return `curl ${quoteShell(url)}`;
  const sourceExtension = /\.(\w{2,4})(?:[?#]|$)/.exec(pathOf(u))?.[1]?.toLowerCase() ?? 'jpg';
  const extension = options.f && options.f !== 'auto' ? options.f : sourceExtension === 'svg' ? 'png' : sourceExtension;
  const name = `${fileName(u).replace(/[^\w.-]/g, '') || 'image'}-${options.w ?? options.h ?? 'output'}`;
  return `curl -o ${quoteShell(`${name.replace('%', '')}.${extension}`)} ${quoteShell(url)}`;
}

export interface Snippet {
  readonly id: 'url' | 'img' | 'picture' | 'markdown' | 'curl';
  readonly label: string;
  readonly text: string;
}

/** Returns all snippets of a state; for a text output the URL and the curl command only. @param key empty for a public deployment */
export function createSnippets(state: State, key: string, info: ImageInfo): Snippet[] {
  const url = imageUrl(state, key);
  const alt = altOf(state.u);
  const dpr = Number(state.options.dpr) || 1;
  const { width, height } = info;
  // The size of the image prevents a layout shift.
  const size =
    width && height ? ` width="${Math.round(width / dpr) || 1}" height="${Math.round(height / dpr) || 1}"` : '';
  const markdown = `![${escapeMarkdown(alt)}](<${url.replaceAll('<', '%3C').replaceAll('>', '%3E')}>)`;
  const snippets: Snippet[] = [
    { id: 'url', label: 'URL', text: url },
    { id: 'img', label: '<img>', text: `<img src="${escapeHtml(url)}"${size} alt="${escapeHtml(alt)}">` },
    { id: 'picture', label: '<picture>', text: pictureElement(state, key, info, size) },
    { id: 'markdown', label: 'Markdown', text: markdown },
    { id: 'curl', label: 'curl', text: curlCommand(url, state) },
  ];
  return isTextOutput(state) ? snippets.filter(({ id }) => id === 'url' || id === 'curl') : snippets;
}
