/** Lists the embed code of a state: what may be copied, and its text. Pure. */
import { astroCode, nextCode, nuxtCode, reactCode, unpicCode } from './framework-code.ts';
import { type ImageInfo, imageUrl, isTextOutput } from './image-urls.ts';
import { cssCode, imgCode, markdownCode, pictureCode } from './markup-code.ts';
import { ownImageName } from './own-image-url.ts';
import { cliCode, curlCode, resizeCode } from './shell-code.ts';
import type { State } from './state.ts';

type CreateCode = (state: State, key: string, info: ImageInfo) => string;

/** All kinds of snippets, in the order of the page: label and code. A text output has those that are not images in a page only. */
const KINDS = {
  url: { label: 'URL', create: imageUrl, isForText: true },
  img: { label: 'HTML', create: imgCode, isForText: false },
  picture: { label: '<picture>', create: pictureCode, isForText: false },
  markdown: { label: 'Markdown', create: markdownCode, isForText: false },
  react: { label: 'React', create: reactCode, isForText: false },
  next: { label: 'Next.js', create: nextCode, isForText: false },
  nuxt: { label: 'Nuxt', create: nuxtCode, isForText: false },
  unpic: { label: 'unpic', create: unpicCode, isForText: false },
  astro: { label: 'Astro', create: astroCode, isForText: false },
  css: { label: 'CSS', create: cssCode, isForText: false },
  curl: { label: 'curl', create: curlCode, isForText: true },
  cli: { label: 'Command line', create: cliCode, isForText: true },
} satisfies Record<string, { label: string; create: CreateCode; isForText: boolean }>;

export type SnippetId = keyof typeof KINDS;

/** The ids of all kinds with their labels, in the order of the page. */
export const SNIPPET_LABELS = Object.entries(KINDS).map(([id, { label }]) => [id as SnippetId, label] as const);

export interface Snippet {
  readonly id: SnippetId;
  readonly label: string;
  readonly text: string;
}

/** Returns all snippets of a state; of an own image, which has no URL for others, the command for its file. @param key empty for a public deployment */
export function createSnippets(state: State, key: string, info: ImageInfo): Snippet[] {
  const ownName = ownImageName(state.u);
  if (ownName !== undefined) return [{ id: 'cli', label: KINDS.cli.label, text: resizeCode(state, ownName) }];
  const isText = isTextOutput(state);
  return Object.entries(KINDS)
    .filter(([, { isForText }]) => isForText || !isText)
    .map(([id, { label, create }]) => ({ id: id as SnippetId, label, text: create(state, key, info) }));
}
