/** Shows why an output is as it is: sentences about its plan, which is requested when they are opened. */
import { createElement, getElement } from './dom.ts';
import { imageUrl } from './image-urls.ts';
import { explanationOptions, reasonsFor } from './reasons.ts';
import { requestUrl } from './response.ts';
import type { State } from './state.ts';

const details = getElement<HTMLDetailsElement>('why');
const list = getElement('reasons');

const showTexts = (texts: readonly string[]) =>
  list.replaceChildren(...texts.map((text) => createElement('li', {}, text)));

async function showReasons(state: State, key: string, type: string, signal: AbortSignal): Promise<void> {
  const { options } = state;
  const response = await requestUrl(imageUrl({ ...state, options: explanationOptions(options) }, key), signal);
  if (response.kind === 'problem') return showTexts([response.problem.detail]);
  if (response.kind === 'text') showTexts(reasonsFor(JSON.parse(response.text), options, type));
}

/** Hides the reasons: there is no image output. */
export function hideReasons(): void {
  details.inert = true;
}

/**
 * Says why the output is as it is, at once if that is open, else as soon as it is opened.
 *
 * @param key sent as `k`; empty without a key
 * @param type the media type of the output
 * @param signal ends the request when there is another output
 */
export function offerReasons(state: State, key: string, type: string, signal: AbortSignal): void {
  details.inert = false;
  // Open, the old ones stay, dimmed with the figures, until the new ones are there: nothing moves.
  if (!details.open) list.replaceChildren();
  const update = () => {
    if (!details.open || signal.aborted) return;
    showReasons(state, key, type, signal).catch((error: Error) => {
      if (!signal.aborted) showTexts([error.message]);
    });
  };
  details.ontoggle = update;
  update();
}
