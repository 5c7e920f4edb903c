/** Shows the snippets, the signed URL, and the strip of srcset widths. */
import { sign } from '../../client/url.ts';
import { copyButton, createElement, getElement, readOnlyText } from './dom.ts';
import { formatBytes, requestUrl } from './response.ts';
import { createSnippets, type ImageInfo, widthUrls } from './snippets.ts';
import type { State } from './state.ts';

const codeElements = new Map<string, HTMLElement>();
let signedUrl = '';
let shownState: State | undefined;

/** Returns the nodes of a URL with its parameter names in bold. */
function highlightUrl(url: string): Node[] {
  const [base = '', query = ''] = url.split('?');
  const pairs = query.split('&').flatMap((pair, i) => {
    const [name = '', value = ''] = pair.split('=');
    return [i ? '&' : '?', createElement('b', {}, name), `=${value}`];
  });
  return [base, ...pairs].map((part) => (typeof part === 'string' ? document.createTextNode(part) : part));
}

function createRow(id: string, label: string): HTMLElement {
  const code = readOnlyText(label, { id: `snippet-${id}` });
  const button = copyButton(label, () => code.dataset.text ?? '');
  const tag = createElement('span', { class: 'tag' }, label);
  getElement('snippets').append(createElement('div', { class: 'snippet' }, tag, code, button));
  codeElements.set(id, code);
  return code;
}

export function showSnippets(state: State, key: string, info: ImageInfo): void {
  shownState = state;
  const snippets = createSnippets(state, key, info);
  for (const [id, code] of codeElements)
    if (code.parentElement) code.parentElement.hidden = !snippets.some((snippet) => snippet.id === id);
  for (const { id, label, text } of snippets) {
    const code = codeElements.get(id) ?? createRow(id, label);
    if (code.dataset.text === text) continue;
    code.dataset.text = text;
    code.replaceChildren(...(id === 'url' ? highlightUrl(text) : [text]));
  }
  showSignedUrl();
}

const signId = getElement<HTMLInputElement>('sign-id');
const signSecret = getElement<HTMLInputElement>('sign-secret');
const signedCode = getElement('signing').appendChild(readOnlyText('Signed URL', { hidden: '' }));
const signedCopy = copyButton('Signed URL', () => signedUrl, getElement<HTMLButtonElement>('sign-copy'));

/** Returns the signed URL of a state, or a message why there is none. */
async function signState(state: State, credentials: { id: string; secret: string }): Promise<string> {
  // WebCrypto exists in secure contexts only.
  if (!crypto.subtle) return 'Browsers sign on https:// and http://localhost only.';
  const { s: _, ...options } = state.options;
  return sign(state.base, state.u, credentials, options).catch(() => 'The secret is not valid base64url.');
}

async function showSignedUrl(): Promise<void> {
  const state = shownState;
  if (!state) return;
  const credentials = { id: signId.value.trim(), secret: signSecret.value.trim() };
  const isComplete = Boolean(credentials.id && credentials.secret);
  const text = isComplete ? await signState(state, credentials) : '';
  if (shownState !== state) return;
  signedUrl = text.includes('://') && text.startsWith('http') ? text : '';
  signedCode.hidden = !isComplete;
  signedCode.replaceChildren(...(signedUrl ? highlightUrl(signedUrl) : [text]));
  signedCopy.disabled = !signedUrl;
}
for (const input of [signId, signSecret]) input.addEventListener('input', showSignedUrl);

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
