/** Shows the embed code: the URL, the chosen kind of snippet, and the strip of srcset widths. */
import { copyButton, createElement, getElement, highlightUrl, readOnlyText } from './dom.ts';
import { type ImageInfo, widthUrls } from './image-urls.ts';
import { ownImageName } from './own-image-url.ts';
import { formatBytes, requestUrl } from './response.ts';
import { showSignedUrl } from './signing.ts';
import { createSnippets, SNIPPET_LABELS, type SnippetId } from './snippets.ts';
import type { State } from './state.ts';

/** The row of a snippet: its code with a copy button, and the radio button that chooses it; the URL has none. */
interface Row {
  readonly element: HTMLElement;
  readonly code: HTMLElement;
  readonly choice: HTMLElement | undefined;
}

const STORAGE_KEY = 'pixgate-snippet';
let chosen = localStorage.getItem(STORAGE_KEY) ?? 'img';

/** Shows the chosen snippet; the first one if a state does not have it. */
function showChosen(): void {
  const radios = [...getElement('kinds').querySelectorAll<HTMLInputElement>('input')];
  const available = radios.filter((radio) => !radio.parentElement?.hidden);
  const shown = available.find(({ value }) => value === chosen) ?? available[0];
  for (const radio of radios) radio.checked = radio === shown;
  for (const [id, { element, choice }] of rows) if (choice) element.hidden = id !== shown?.value;
  getElement('signing').hidden = shown?.value !== 'signed';
}

/** Adds the radio button of a kind, before that of signed URLs. */
function addChoice(id: string, label: string): HTMLElement {
  const radio = createElement('input', { type: 'radio', name: 'kind', value: id });
  const choice = createElement('label', {}, radio, createElement('span', {}, label));
  getElement('kinds').insertBefore(choice, getElement('kind-signed'));
  return choice;
}

function createRow(id: SnippetId, label: string): Row {
  const code = readOnlyText(label, { id: `snippet-${id}` });
  const button = copyButton(label, () => code.dataset.text ?? '');
  const isUrl = id === 'url';
  const tag = isUrl ? [createElement('span', { class: 'tag' }, label)] : [];
  const element = createElement('div', { class: 'snippet' }, ...tag, code, button);
  getElement(isUrl ? 'snippets' : 'chosen').append(element);
  return { element, code, choice: isUrl ? undefined : addChoice(id, label) };
}

/** All rows, in their order, whatever state is the first one. */
const rows = new Map(SNIPPET_LABELS.map(([id, label]) => [id, createRow(id, label)]));

getElement('kinds').addEventListener('change', ({ target }) => {
  chosen = (target as HTMLInputElement).value;
  localStorage.setItem(STORAGE_KEY, chosen);
  showChosen();
});

export function showSnippets(state: State, key: string, info: ImageInfo): void {
  const snippets = createSnippets(state, key, info);
  for (const [id, { element, code, choice }] of rows) {
    const text = snippets.find((snippet) => snippet.id === id)?.text;
    (choice ?? element).hidden = text === undefined;
    if (text === undefined || code.dataset.text === text) continue;
    code.dataset.text = text;
    code.replaceChildren(...(id === 'url' ? highlightUrl(text) : [text]));
  }
  const isOwn = ownImageName(state.u) !== undefined;
  getElement('own-code').hidden = !isOwn;
  getElement('kind-signed').hidden = isOwn;
  showChosen();
  showSignedUrl(state);
}

const widthList = getElement('widths');
let isListVisible = false;
/** Loads the strip once it becomes visible. */
let loadWhenVisible: (() => void) | undefined;
new IntersectionObserver(([entry]) => {
  isListVisible = entry?.isIntersecting ?? false;
  if (isListVisible) loadWhenVisible?.();
}).observe(widthList);

/** Loads one image of the strip. The previous image stays until this one is loaded. */
async function loadItem(item: HTMLElement, url: string, signal: AbortSignal): Promise<void> {
  const response = await requestUrl(url, signal);
  if (signal.aborted || response.kind !== 'image') return;
  const [image, , bytes] = [...item.children] as [HTMLImageElement, HTMLElement, HTMLElement];
  const previousUrl = image.src;
  image.src = URL.createObjectURL(response.blob);
  await image.decode().catch(() => {});
  image.hidden = image.naturalWidth === 0;
  bytes.textContent = formatBytes(response.blob.size);
  if (previousUrl) URL.revokeObjectURL(previousUrl);
}

/** Creates an item of the strip: image, width, bytes. */
const createItem = () =>
  createElement('li', {}, createElement('img', { alt: '', hidden: true }), createElement('b'), createElement('span'));

/** Shows the images of the `srcset` and their bytes, loaded once the strip is visible. */
export function showWidths(state: State, key: string, info: ImageInfo, signal: AbortSignal): void {
  const entries = widthUrls(state, key, info);
  const maxWidth = Math.max(...entries.map(({ width }) => width));
  loadWhenVisible = () => {
    loadWhenVisible = undefined;
    while (widthList.children.length > entries.length) widthList.lastElementChild?.remove();
    for (const [i, { url, width }] of entries.entries()) {
      const item = widthList.children[i] ?? widthList.appendChild(createItem());
      const [image, label] = [...item.children] as [HTMLElement, HTMLElement];
      image.style.setProperty('--share', String(width / maxWidth));
      label.textContent = `${width} w`;
      loadItem(item as HTMLElement, url, signal).catch(() => {});
    }
  };
  if (isListVisible) loadWhenVisible();
}
