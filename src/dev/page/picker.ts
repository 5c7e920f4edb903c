/** The inputs for the source image, the server and the key. */
import { extract } from '../../client/url.ts';
import { getElement } from './dom.ts';
import type { ServerNames } from './needs.ts';
import { cleanBase, type State } from './state.ts';

/** Values that the local server embeds in the page, see `Start` in static.ts. */
const serverInfo = JSON.parse(document.documentElement.dataset.start ?? '{}') as {
  samples: string;
  key: string;
  names: ServerNames;
};

/** The state of a page URL without a fragment. */
export const INITIAL_STATE: State = {
  base: `${location.origin}/`,
  u: `${serverInfo.samples}cat.webp`,
  options: { w: '640' },
};

const u = getElement<HTMLInputElement>('u');
const base = getElement<HTMLInputElement>('base');
const key = getElement<HTMLInputElement>('key');

const sampleButtons = getElement('samples').querySelectorAll('button');
const sampleUrl = ({ dataset }: HTMLElement) => `${serverInfo.samples}${dataset.name}`;

/** Keys are stored for each server: a shared page URL that names another server must not send it this server's key. */
const storageName = (serverBase: string) => `pixgate-key ${serverBase}`;

export const storeKey = (serverBase: string, value: string): void =>
  sessionStorage.setItem(storageName(serverBase), value);
export const keyFor = (serverBase: string): string =>
  sessionStorage.getItem(storageName(serverBase)) ?? (serverBase === INITIAL_STATE.base ? serverInfo.key : '');

/** Returns the names of presets and marks of a server; of another server than that of the page, they are not known. */
export const namesOf = (serverBase: string): ServerNames => (serverBase === INITIAL_STATE.base ? serverInfo.names : {});

/** Returns the URL from which the browser can load a source; undefined for one that it cannot load: `s3://…`, a short source. */
export function browserUrl(source: string): string | undefined {
  // Samples are loaded from the origin of the page: the server may know itself by another name.
  if (source.startsWith(serverInfo.samples)) return source.slice(serverInfo.samples.length - '/samples/'.length);
  const isShort = /^(?:[a-z][\w-]*:(?!\d+(?:[/?#]|$))|\/(?!\/))/i.test(source);
  if (isShort && !/^https?:/i.test(source)) return undefined;
  return /^https?:/i.test(source) ? source : `https://${source}`;
}

/** Shows a state; the focused input keeps its text. */
export function showPicker(state: State): void {
  if (document.activeElement !== u) u.value = state.u;
  if (document.activeElement !== base) base.value = state.base;
  if (document.activeElement !== key) key.value = keyFor(state.base);
  for (const button of sampleButtons) button.setAttribute('aria-pressed', String(sampleUrl(button) === state.u));
}

/** Parses the URL of a resized image, of any server; null if it has no source URL, or none of `k`, `w`, `h`, `p`, `f`. */
function parseImageUrl(text: string) {
  const parts = /^https?:\/\//i.test(text) ? extract(text) : null;
  const serverBase = parts ? cleanBase(parts.base) : undefined;
  if (!parts || serverBase === undefined || !/^(?:https?%3A|[a-z][\w-]+:|[\w-]+\.\w)/i.test(parts.source)) return null;
  const hasParams = ['k', 'w', 'h', 'p', 'f'].some((name) => name in parts.options);
  return hasParams ? { ...parts, base: serverBase } : null;
}

/**
 * Listens to the inputs.
 *
 * @param currentState returns the state that is shown
 * @param onChange called with the new state and the name of the changed field
 */
export function listenToPicker(currentState: () => State, onChange: (state: State, field: string) => void): void {
  for (const button of sampleButtons)
    button.addEventListener('click', () => onChange({ ...currentState(), u: sampleUrl(button) }, 'u'));
  u.addEventListener('input', () => {
    const text = u.value.trim();
    // The URL of a resized image is split into its parts. Its key is stored, and not part of the page's URL.
    const parts = parseImageUrl(text);
    if (!parts) return onChange({ ...currentState(), u: text }, 'u');
    const { k, s: _, ...options } = parts.options;
    if (k) storeKey(parts.base, k);
    u.value = parts.source;
    onChange({ base: parts.base, u: parts.source, options }, 'u');
  });
  base.addEventListener('change', () => {
    const serverBase = cleanBase(base.value.trim() || INITIAL_STATE.base);
    const error = getElement('base-error');
    error.textContent = serverBase ? '' : 'This is not an http or https URL.';
    error.hidden = serverBase !== undefined;
    if (!serverBase) return;
    base.value = serverBase;
    onChange({ ...currentState(), base: serverBase }, 'base');
  });
  key.addEventListener('input', () => {
    storeKey(currentState().base, key.value.trim());
    onChange(currentState(), 'k');
  });
}
