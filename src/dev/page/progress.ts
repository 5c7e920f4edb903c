/** Shows that a response is on its way, how much of it has arrived, and that meanwhile there is nothing to copy. */
import { getElement } from './dom.ts';
import { formatBytes } from './response.ts';

/** What the page shows: nothing or an earlier output while one is on its way; an error; an output. */
export type Status = 'loading' | 'problem' | 'ready';

/** Milliseconds after which the progress is shown: fast responses show none. */
const DELAY_MS = 150;
/** The buttons of embed code; not that of a signed URL, since the key may be for such URLs only. */
const COPY = '.copy:not(#sign-copy)';
/** Why there is nothing to copy. */
const REASONS: Readonly<Record<string, string>> = {
  loading: 'The image is on its way.',
  problem: 'This URL returns an error: there is no image to embed.',
};

const view = getElement('view');
const bar = getElement('progress');
const received = getElement('received');
const embedCode = getElement('embed-code');

function showProgress(isBusy: boolean): void {
  bar.hidden = !isBusy;
  received.hidden = !isBusy;
  view.setAttribute('aria-busy', String(isBusy));
}

let timer = 0;
/** Sets the status of the page, which is `loading` before its script is there. Until it is `ready`, nothing can be copied. */
export function setStatus(status: Status): void {
  document.body.dataset.status = status;
  const reason = REASONS[status] ?? '';
  for (const button of embedCode.querySelectorAll<HTMLElement>(COPY)) {
    button.setAttribute('aria-disabled', String(reason !== ''));
    button.title = reason;
  }
  clearTimeout(timer);
  if (status === 'loading') {
    received.textContent = 'Waiting for the image…';
    bar.removeAttribute('style');
    timer = window.setTimeout(() => showProgress(true), DELAY_MS);
  } else showProgress(false);
}

/** Shows how much of the image has arrived. @param total undefined if it is not known */
export function showReceived(bytes: number, total: number | undefined): void {
  received.textContent = `Receiving the image: ${formatBytes(bytes)}${total ? ` of ${formatBytes(total)}` : ''}`;
  if (total) bar.style.setProperty('--received', `${(bytes / total) * 100}%`);
}

// While capturing, so that the button itself is not clicked.
embedCode.addEventListener(
  'click',
  (event) => {
    const reason = REASONS[document.body.dataset.status ?? ''];
    if (!reason || !(event.target as Element).closest(COPY)) return;
    event.stopPropagation();
    getElement('copied').textContent = reason;
  },
  { capture: true },
);
