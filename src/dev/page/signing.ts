/** Signs the URL of the state in the page, by WebCrypto. */
import { sign } from '../../client/url.ts';
import { copyButton, getElement, highlightUrl, readOnlyText } from './dom.ts';
import type { State } from './state.ts';

const signId = getElement<HTMLInputElement>('sign-id');
const signSecret = getElement<HTMLInputElement>('sign-secret');
const signedCode = getElement('signing').appendChild(readOnlyText('Signed URL', { hidden: '' }));
const signedCopy = copyButton('Signed URL', () => signedUrl, getElement<HTMLButtonElement>('sign-copy'));

let signedUrl = '';
let shownState: State | undefined;

/** Returns the signed URL of a state, or a message why there is none. */
async function signState(state: State, credentials: { id: string; secret: string }): Promise<string> {
  // WebCrypto exists in secure contexts only.
  if (!crypto.subtle) return 'Browsers sign on https:// and http://localhost only.';
  const { s: _, ...options } = state.options;
  return sign(state.base, state.u, credentials, options).catch(() => 'The secret is not valid base64url.');
}

async function update(): Promise<void> {
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
for (const input of [signId, signSecret]) input.addEventListener('input', update);

/** Shows the signed URL of a state, once id and secret are given. */
export function showSignedUrl(state: State): void {
  shownState = state;
  update();
}
