/** Which picture, from which server, by which key. */
import { extract } from '../../client/url.ts';
import { find } from './dom.ts';
import { cleanBase, type State } from './state.ts';

/** What the server tells of itself: where it fetches its samples, and the key that is there to be tried. */
const server = JSON.parse(document.documentElement.dataset.start ?? '{}') as {
  samples: string;
  key: string;
};

/** What is shown where the page's address says nothing. */
export const START: State = { base: `${location.origin}/`, u: `${server.samples}cat.webp`, options: { w: '640' } };

const u = find<HTMLInputElement>('u');
const base = find<HTMLInputElement>('base');
const key = find<HTMLInputElement>('key');

const samples = find('samples').querySelectorAll('button');
const addressOf = ({ dataset }: HTMLElement) => `${server.samples}${dataset.name}`;

/** Each server has a key of its own: a shared address that names another server must not get it. */
const keyName = (of: string) => `pixgate-key ${of}`;

export const keepKey = (of: string, value: string): void => sessionStorage.setItem(keyName(of), value);
export const keyFor = (of: string): string =>
  sessionStorage.getItem(keyName(of)) ?? (of === START.base ? server.key : '');

/** Where a browser finds the source; undefined where it cannot, as in a bucket. */
export function visibleAddress(address: string): string | undefined {
  // The samples are fetched where the page comes from, whatever its server calls itself.
  if (address.startsWith(server.samples)) return address.slice(server.samples.length - '/samples/'.length);
  if (/^s3:/i.test(address)) return undefined;
  return /^https?:/i.test(address) ? address : `https://${address}`;
}

/** Shows a state, and leaves alone what is being typed. */
export function showPicker(state: State): void {
  if (document.activeElement !== u) u.value = state.u;
  if (document.activeElement !== base) base.value = state.base;
  if (document.activeElement !== key) key.value = keyFor(state.base);
  for (const button of samples) button.setAttribute('aria-pressed', String(addressOf(button) === state.u));
}

/** The parts of an address of a resizer, this one or another: it has a source, and a key or what is asked of it. */
function ownParts(typed: string) {
  const own = /^https?:\/\//i.test(typed) ? extract(typed) : null;
  const base = own ? cleanBase(own.base) : undefined;
  if (!own || base === undefined || !/^(?:https?(?::|%3A)|[\w-]+\.\w)/i.test(own.source)) return null;
  const asks = ['k', 'w', 'h', 'p', 'f'].some((name) => name in own.options);
  return asks ? { ...own, base } : null;
}

/**
 * @param now the state that is shown
 * @param change takes the state that a person wants, and which field they changed
 */
export function listenToPicker(now: () => State, change: (next: State, what: string) => void): void {
  for (const button of samples) button.addEventListener('click', () => change({ ...now(), u: addressOf(button) }, 'u'));
  u.addEventListener('input', () => {
    const typed = u.value.trim();
    // Whoever has an address of a resizer gets its parts. The key in it stays out of the page's own address.
    const own = ownParts(typed);
    if (!own) return change({ ...now(), u: typed }, 'u');
    const { k, s: _, ...options } = own.options;
    if (k) keepKey(own.base, k);
    u.value = own.source;
    change({ base: own.base, u: own.source, options }, 'u');
  });
  base.addEventListener('change', () => {
    const found = cleanBase(base.value.trim() || START.base);
    const fault = find('base-fault');
    fault.textContent = found ? '' : 'This is no http or https address.';
    fault.hidden = found !== undefined;
    if (!found) return;
    base.value = found;
    change({ ...now(), base: found }, 'base');
  });
  key.addEventListener('input', () => {
    keepKey(now().base, key.value.trim());
    change(now(), 'k');
  });
}
