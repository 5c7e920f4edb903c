/** Creates embed code in HTML, Markdown and CSS. Pure. */
import { pictureHtml } from '../../client/picture-html.ts';
import { generate } from '../../client/url.ts';
import { escapeHtml } from './html.ts';
import { altOf, cssSize, type ImageInfo, imageUrl, sizesFor, srcsetOptions, widthsFor, withKey } from './image-urls.ts';
import type { State } from './state.ts';

export function imgCode(state: State, key: string, info: ImageInfo): string {
  const size = cssSize(state, info);
  const attributes = size ? ` width="${size.width}" height="${size.height}"` : '';
  return `<img src="${escapeHtml(imageUrl(state, key))}"${attributes} alt="${escapeHtml(altOf(state.u))}">`;
}

/** Returns the `<picture>` element with AVIF and WebP sources, an element and a URL a line: no URL contains a space. */
export function pictureCode(state: State, key: string, info: ImageInfo): string {
  const { f: _, ...options } = srcsetOptions(state.options);
  const html = pictureHtml(
    state.base,
    state.u,
    {
      ...withKey({ ...state, options }, key),
      widths: widthsFor(state, info),
      sizes: sizesFor(state, info),
      fallback: info.alpha ? 'png' : 'jpg',
    },
    { alt: altOf(state.u), ...cssSize(state, info) },
  );
  return html
    .replaceAll(/><(?=source|img)/g, '>\n  <')
    .replace('></picture>', '>\n</picture>')
    .replaceAll(/w, (?=http)/g, 'w,\n    ');
}

const escapeMarkdown = (text: string) => text.replace(/[\\[\]`*_<>!&]/g, '\\$&');

export function markdownCode(state: State, key: string): string {
  const url = imageUrl(state, key).replaceAll('<', '%3C').replaceAll('>', '%3E');
  return `![${escapeMarkdown(altOf(state.u))}](<${url}>)`;
}

/** Quotes for CSS. */
const quoteCss = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Returns a rule with the image at one and two device pixels for each CSS pixel. */
export function cssCode(state: State, key: string, info: ImageInfo): string {
  const { dpr: _, ...options } = withKey(state, key);
  const size = cssSize(state, info);
  const densities = [1, 2].map(
    (dpr) => `    url(${quoteCss(generate(state.base, state.u, { ...options, ...(dpr > 1 && { dpr }) }))}) ${dpr}x`,
  );
  return [
    '.image {',
    ...(size ? [`  width: ${size.width}px;`, `  height: ${size.height}px;`] : []),
    '  background: center / cover no-repeat image-set(',
    densities.join(',\n'),
    '  );',
    '}',
  ].join('\n');
}
