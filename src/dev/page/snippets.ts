/** The lines to copy. Pure; every address is made by src/client/url.ts. */
import { generate, picture, srcset, type UrlOptions } from '../../client/url.ts';
import { escapeHtml } from './html.ts';
import type { State } from './state.ts';

/** What is known of the picture and its result; undefined as long as it is not. */
export interface Known {
  readonly sourceWidth?: number | undefined;
  readonly alpha?: boolean | undefined;
  /** Pixels of the result. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

const FACTS = ['json', 'blurhash', 'thumbhash', 'lqip', 'color'];

/** Whether the answer is no picture but a text: a fact about it, or a data URL. */
export const isText = ({ options }: State): boolean =>
  FACTS.includes(options.f ?? '') || options.encoding !== undefined;

const escapeMarkdown = (text: string) => text.replace(/[\\[\]`*_<>!&]/g, '\\$&');
/** For sh: nothing is special between single quotes but the quote itself. */
export const quoteShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** With or without a scheme. */
const pathOf = (u: string) => u.replace(/^(?:[a-z0-9]+:\/\/)?[^/]*/i, '');

/** `https://example.com/my-cat.jpg?x` → `my-cat` */
export function fileName(u: string): string {
  const last = /([^/?#]*)(?:[?#].*)?$/.exec(pathOf(u))?.[1] ?? '';
  return last.replace(/\.\w{2,4}$/, '') || 'picture';
}

function altOf(u: string): string {
  const name = fileName(u).replace(/[-_+]+/g, ' ');
  try {
    return decodeURIComponent(name).trim();
  } catch {
    return name.trim();
  }
}

/** The state's options under a key, as the helper takes them: it writes texts and numbers alike. */
const withKey = ({ options }: State, key: string) =>
  ({ ...options, ...(key && { k: key }) }) as UrlOptions & { k?: string };

export const addressOf = (state: State, key: string): string => generate(state.base, state.u, withKey(state, key));

const pixels = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : undefined);

/**
 * The options that are the same at every width. A box becomes an aspect ratio, so that it grows with the width; `dpr` is
 * what the browser does with the list.
 */
function scalable({ w, h, dpr: _, ...options }: Readonly<Record<string, string>>): Record<string, string> {
  const [width, height] = [pixels(w), pixels(h)];
  const cuts = ['cover', 'contain', 'fill'].includes(options.fit ?? '');
  return cuts && width && height && !options.ar ? { ...options, ar: `${width}:${height}` } : options;
}

/** Widths in CSS pixels × what screens have: half for a phone, and up to twice for a dense one. */
export function widthsFor({ options }: State, { width, sourceWidth }: Known): number[] {
  const css = pixels(options.w) ?? Math.round((width ?? 640) / (Number(options.dpr) || 1));
  const most = sourceWidth ?? 8192;
  const widths = [0.5, 1, 1.5, 2].map((times) => Math.min(8192, most, Math.max(1, Math.round(css * times))));
  return [...new Set(widths)];
}

/** The entries of the picture's `srcset`, taken apart. */
export function widthAddresses(state: State, key: string, known: Known): { address: string; width: number }[] {
  const options = withKey({ ...state, options: scalable(state.options) }, key);
  return srcset(state.base, state.u, { ...options, widths: widthsFor(state, known) })
    .split(', ')
    .map((entry) => entry.split(' '))
    .map(([address = '', width]) => ({ address, width: Number.parseInt(width ?? '', 10) }));
}

const lines = (set: string) => set.split(', ').join(',\n    ');

function pictureElement(state: State, key: string, known: Known, size: string): string {
  const { f: _, ...options } = scalable(state.options);
  const widths = widthsFor(state, known);
  const css = pixels(state.options.w) ?? Math.max(...widths) / 2;
  const { sources, img } = picture(state.base, state.u, {
    ...withKey({ ...state, options }, key),
    widths,
    sizes: `(max-width: ${css}px) 100vw, ${css}px`,
    fallback: known.alpha ? 'png' : 'jpg',
  });
  return [
    '<picture>',
    ...sources.map(
      ({ type, srcset: set, sizes }) =>
        `  <source type="${type}" sizes="${sizes}" srcset="\n    ${escapeHtml(lines(set))}">`,
    ),
    `  <img src="${escapeHtml(img.src)}" srcset="\n    ${escapeHtml(lines(img.srcset))}"\n    sizes="${img.sizes}"${size} alt="${escapeHtml(altOf(state.u))}">`,
    '</picture>',
  ].join('\n');
}

function curl(address: string, state: State): string {
  const { u, options } = state;
  if (isText(state)) return `curl ${quoteShell(address)}`;
  const own = /\.(\w{2,4})(?:[?#]|$)/.exec(pathOf(u))?.[1]?.toLowerCase() ?? 'jpg';
  const extension = options.f && options.f !== 'auto' ? options.f : own === 'svg' ? 'png' : own;
  const name = `${fileName(u).replace(/[^\w.-]/g, '') || 'picture'}-${options.w ?? options.h ?? 'result'}`;
  return `curl -o ${quoteShell(`${name.replace('%', '')}.${extension}`)} ${quoteShell(address)}`;
}

export interface Snippet {
  readonly id: 'address' | 'img' | 'picture' | 'markdown' | 'curl';
  readonly label: string;
  readonly text: string;
}

/** @param key empty for a deployment that needs none */
export function snippets(state: State, key: string, known: Known): Snippet[] {
  const address = addressOf(state, key);
  const alt = altOf(state.u);
  const dpr = Number(state.options.dpr) || 1;
  const { width, height } = known;
  // With its size a page does not jump when the picture comes.
  const size =
    width && height ? ` width="${Math.round(width / dpr) || 1}" height="${Math.round(height / dpr) || 1}"` : '';
  const markdown = `![${escapeMarkdown(alt)}](<${address.replaceAll('<', '%3C').replaceAll('>', '%3E')}>)`;
  const all: Snippet[] = [
    { id: 'address', label: 'Address', text: address },
    { id: 'img', label: '<img>', text: `<img src="${escapeHtml(address)}"${size} alt="${escapeHtml(alt)}">` },
    { id: 'picture', label: '<picture>', text: pictureElement(state, key, known, size) },
    { id: 'markdown', label: 'Markdown', text: markdown },
    { id: 'curl', label: 'curl', text: curl(address, state) },
  ];
  // A text stands in no picture's place.
  return isText(state) ? all.filter(({ id }) => id === 'address' || id === 'curl') : all;
}
