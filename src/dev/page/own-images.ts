/** Takes images of the visitor, chosen, dropped or pasted, and sends them to the local server, which holds them in memory. */
import { getElement } from './dom.ts';
import { ownImageName, ownImageUrl } from './own-image-url.ts';
import { INITIAL_STATE } from './picker.ts';
import { readProblem } from './response.ts';
import type { State } from './state.ts';

const button = getElement<HTMLButtonElement>('own-choose');
const input = getElement<HTMLInputElement>('own-file');
const help = getElement('own-help');

const isLoopback = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
const PRIVACY = isLoopback
  ? 'It does not leave this machine: the local server holds it in memory only.'
  : `It goes to ${location.host} only, which holds it in memory.`;
/** Own images are received by the server of this page only. */
const isAvailable = ({ base }: State) => base === INITIAL_STATE.base;

/** Shows whether own images can be used, and what happens to them. */
export function showOwnImages(state: State): void {
  const name = ownImageName(state.u);
  button.disabled = !isAvailable(state);
  button.setAttribute('aria-pressed', String(name !== undefined));
  if (!isAvailable(state))
    help.textContent = `Your own images work with the local server only: this page talks to ${URL.parse(state.base)?.host}.`;
  else help.textContent = `${name ? `${name} is yours` : 'Choose, drop or paste an image of yours'}. ${PRIVACY}`;
}

/** Explains an own image that the local server does not have any more. @param code of the response */
export function explainLostImage({ u }: State, code: string): void {
  const name = ownImageName(u);
  if (name !== undefined && code === 'SOURCE_NOT_FOUND')
    help.textContent = `${name} is not in the memory of the local server any more: choose it again.`;
}

/** Sends a file. @returns its URL for the image handler, or a sentence why there is none */
async function send(file: File): Promise<{ url: string } | { error: string }> {
  try {
    const response = await fetch('/samples/own/', { method: 'POST', body: file });
    const path = response.headers.get('location');
    if (response.status === 201 && path) return { url: ownImageUrl(path, INITIAL_STATE.u, file.name) };
    return { error: readProblem(await response.text(), response.status).detail };
  } catch {
    return { error: 'The local server does not respond, or the file cannot be read.' };
  }
}

/**
 * Listens for files.
 *
 * @param currentState returns the state that is shown
 * @param onChange called with the new state and the name of the changed field
 */
export function listenToOwnImages(currentState: () => State, onChange: (state: State, field: string) => void): void {
  let latest: File | undefined;
  const take = async (file: File | undefined) => {
    if (!file || !isAvailable(currentState())) return;
    latest = file;
    help.textContent = `Reading ${file.name}…`;
    const sent = await send(file);
    if (latest !== file) return;
    if ('url' in sent) onChange({ ...currentState(), u: sent.url }, 'u');
    else help.textContent = `${file.name}: ${sent.error}`;
  };
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    take(input.files?.[0]);
    // So that the same file can be chosen again.
    input.value = '';
  });
  document.addEventListener('paste', ({ clipboardData }) => take(clipboardData?.files[0]));
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  const markDropTarget = (isTarget: boolean) => document.body.toggleAttribute('data-drop', isTarget);
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    // Without this the browser would leave the page, and open the file.
    event.preventDefault();
    markDropTarget(isAvailable(currentState()));
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget || markDropTarget(false));
  document.addEventListener('drop', (event) => {
    markDropTarget(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  });
}
