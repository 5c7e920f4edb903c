/** The lines to copy, and the strip of widths. */
import { sign } from '../../client/url.ts';
import { copyButton, find, make, readOnly } from './dom.ts';
import { ask, inBytes } from './response.ts';
import { type Known, snippets, widthAddresses } from './snippets.ts';
import type { State } from './state.ts';

const rows = new Map<string, HTMLElement>();
let signed = '';
let shown: State | undefined;

/** An address with the names of its parameters set off. */
function coloured(address: string): Node[] {
  const [base = '', query = ''] = address.split('?');
  const pairs = query.split('&').flatMap((pair, i) => {
    const [name = '', value = ''] = pair.split('=');
    return [i ? '&' : '?', make('b', {}, name), `=${value}`];
  });
  return [base, ...pairs].map((part) => (typeof part === 'string' ? document.createTextNode(part) : part));
}

function row(id: string, label: string): HTMLElement {
  const code = readOnly(label, { id: `line-${id}` });
  const button = copyButton(label, () => code.dataset.text ?? '');
  find('lines').append(make('div', { class: 'line' }, make('span', { class: 'tag' }, label), code, button));
  rows.set(id, code);
  return code;
}

export function showSnippets(state: State, key: string, known: Known): void {
  shown = state;
  const found = snippets(state, key, known);
  for (const [id, code] of rows)
    if (code.parentElement) code.parentElement.hidden = !found.some((one) => one.id === id);
  for (const { id, label, text } of found) {
    const code = rows.get(id) ?? row(id, label);
    if (code.dataset.text === text) continue;
    code.dataset.text = text;
    code.replaceChildren(...(id === 'address' ? coloured(text) : [text]));
  }
  showSigned();
}

const signId = find<HTMLInputElement>('sign-id');
const secret = find<HTMLInputElement>('sign-secret');
const signedLine = find('signing').appendChild(readOnly('Signed address', { hidden: '' }));
const signCopy = copyButton('Signed address', () => signed, find<HTMLButtonElement>('sign-copy'));

async function showSigned(): Promise<void> {
  const state = shown;
  if (!state) return;
  const given = { id: signId.value.trim(), secret: secret.value.trim() };
  const isGiven = Boolean(given.id && given.secret);
  const { s: _, ...options } = state.options;
  // WebCrypto is there on https and on this machine only.
  const found = !isGiven
    ? ''
    : !crypto.subtle
      ? 'Browsers sign on https:// and http://localhost only.'
      : await sign(state.base, state.u, given, options).catch(() => 'This is no secret: it is not base64url.');
  if (shown !== state) return;
  signed = found.includes('://') && found.startsWith('http') ? found : '';
  signedLine.hidden = !isGiven;
  signedLine.replaceChildren(...(signed ? coloured(signed) : [found]));
  signCopy.disabled = !signed;
}
for (const input of [signId, secret]) input.addEventListener('input', showSigned);

const list = find('widths');
let isSeen = false;
let waiting: (() => void) | undefined;
new IntersectionObserver(([entry]) => {
  isSeen = entry?.isIntersecting ?? false;
  if (isSeen) waiting?.();
}).observe(list);

/** One picture of the strip; the old one stays until the new one is there. */
async function fill(item: HTMLElement, address: string, signal: AbortSignal): Promise<void> {
  const answer = await ask(address, signal);
  if (signal.aborted || answer.kind !== 'picture') return;
  const [image, , bytes] = [...item.children] as [HTMLImageElement, HTMLElement, HTMLElement];
  const old = image.src;
  image.src = URL.createObjectURL(answer.blob);
  await image.decode().catch(() => {});
  image.hidden = image.naturalWidth === 0;
  bytes.textContent = inBytes(answer.blob.size);
  if (old) URL.revokeObjectURL(old);
}

/** Fetches the widths of the `srcset` once the strip is in sight. */
export function showWidths(state: State, key: string, known: Known, signal: AbortSignal): void {
  const entries = widthAddresses(state, key, known);
  const widest = Math.max(...entries.map(({ width }) => width));
  waiting = () => {
    waiting = undefined;
    while (list.children.length > entries.length) list.lastElementChild?.remove();
    for (const [i, { address, width }] of entries.entries()) {
      const item =
        list.children[i] ??
        list.appendChild(make('li', {}, make('img', { alt: '', hidden: true }), make('b'), make('span')));
      const [image, label] = [...item.children] as [HTMLElement, HTMLElement];
      image.style.setProperty('--share', String(width / widest));
      label.textContent = `${width} w`;
      fill(item as HTMLElement, address, signal).catch(() => {});
    }
  };
  if (isSeen) waiting();
}
