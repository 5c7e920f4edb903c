/** The documentation pages: a search over all of them, and a button that copies each snippet. */
import { copyButton, createElement, getElement } from './dom.ts';

interface Entry {
  readonly url: string;
  readonly title: string;
  readonly text: string;
  /** Other words for what the text is about. */
  readonly synonyms?: string;
}

const MAX_RESULTS = 8;
const input = getElement<HTMLInputElement>('search');
const results = getElement('results');

/** Fetched at the first use. */
let index: Promise<readonly Entry[]> | undefined;

/** Returns the entries with all words: those with words in their titles first, those that need synonyms last. */
function findEntries(entries: readonly Entry[], words: readonly string[]): readonly Entry[] {
  const inTitle = ({ title }: Entry) => words.filter((word) => title.toLowerCase().includes(word)).length;
  const hasAll = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const needsSynonyms = ({ title, text }: Entry) => Number(!hasAll(`${title} ${text}`));
  return entries
    .filter(({ title, text, synonyms = '' }) => hasAll(`${title} ${text} ${synonyms}`))
    .sort((a, b) => inTitle(b) - inTitle(a) || needsSynonyms(a) - needsSynonyms(b))
    .slice(0, MAX_RESULTS);
}

/** Returns the text around the first word. */
function excerpt(text: string, word: string): string {
  const start = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  return `${start ? '…' : ''}${text.slice(start, start + 120)}…`;
}

async function search(): Promise<void> {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  results.hidden = words.length === 0;
  if (!words.length) return;
  index ??= fetch(input.dataset.index ?? '').then((response) => response.json());
  const entries = findEntries(await index, words);
  const items = entries.map(({ url, title, text }) =>
    createElement(
      'li',
      {},
      createElement('a', { href: url }, title),
      createElement('p', { class: 'help' }, excerpt(text, words[0] ?? '')),
    ),
  );
  results.replaceChildren(...(items.length ? items : [createElement('li', {}, 'Nothing was found.')]));
}

input.addEventListener('input', search);
// A result on the same page leads to a section of it.
results.addEventListener('click', () => {
  results.hidden = true;
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') results.hidden = true;
  if (event.key !== '/' || event.target === input) return;
  event.preventDefault();
  input.focus();
});

for (const pre of document.querySelectorAll<HTMLElement>('main pre')) {
  const snippet = pre.textContent;
  pre.tabIndex = 0;
  const box = createElement('div', { class: 'snippet-box' });
  pre.replaceWith(box);
  box.append(
    pre,
    copyButton(`${snippet.slice(0, 40)}…`, () => snippet),
  );
}
