/** Compares formats: the same image in each, with its bytes and its similarity to the lossless output. Loaded when it is opened. */
import { createElement, getElement } from './dom.ts';
import { type FormatChoice, formatChoices, isChosen, losslessChoice } from './format-choices.ts';
import { isTextOutput } from './image-urls.ts';
import { formatBytes, requestUrl } from './response.ts';
import { type Pixels, ssim } from './ssim.ts';
import type { State } from './state.ts';

/** Requests at a time: the server has other work too. */
const CONCURRENCY = 2;
/** Maximum side of the part that is compared, from the centre, in pixels. */
const MAX_SIDE = 2048;

const details = getElement<HTMLDetailsElement>('formats');
const list = getElement('format-choices');

/** Decodes an image. @returns the pixels of its centre; of an animation, of the first frame */
async function decode(blob: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(blob);
  const [width, height] = [Math.min(MAX_SIDE, bitmap.width), Math.min(MAX_SIDE, bitmap.height)];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context?.drawImage(bitmap, (width - bitmap.width) >> 1, (height - bitmap.height) >> 1);
  bitmap.close();
  const { data = new Uint8ClampedArray() } = context?.getImageData(0, 0, width, height) ?? {};
  return { data, width, height };
}

async function requestImage(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await requestUrl(url, signal);
  if (response.kind === 'image') return response.blob;
  throw new Error(response.kind === 'problem' ? response.problem.detail : 'The response is a text.');
}

function similarity(image: Pixels, lossless: Pixels): string {
  const value = image.width === lossless.width && image.height === lossless.height ? ssim(image, lossless) : Number.NaN;
  return Number.isNaN(value) ? '' : `SSIM ${value.toFixed(3)}`;
}

/** Fills an item: its image, bytes and similarity, or the reason why there is none. */
async function load(item: HTMLElement, { url }: FormatChoice, lossless: Promise<Pixels>, signal: AbortSignal) {
  const [image, , bytes, ssimText] = [...item.querySelectorAll<HTMLElement>('img, b, span')];
  if (!(image instanceof HTMLImageElement) || !bytes || !ssimText) return;
  try {
    const blob = await requestImage(url, signal);
    image.src = URL.createObjectURL(blob);
    bytes.textContent = formatBytes(blob.size);
    ssimText.textContent = similarity(await decode(blob), await lossless);
  } catch (error) {
    if (!signal.aborted) bytes.textContent = (error as Error).message;
  }
}

let shown: { readonly choices: readonly FormatChoice[]; readonly stop: AbortController } | undefined;
/** What is compared, once the strip is open. */
let update = () => {};

function createItems(choices: readonly FormatChoice[], onChoose: (options: FormatChoice['options']) => void) {
  for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src);
  const items = choices.map(({ label, options }) => {
    const parts = [createElement('img', { alt: '' }), createElement('b', {}, label), createElement('span', {}, '…')];
    const button = createElement('button', { type: 'button' }, ...parts, createElement('span'));
    button.addEventListener('click', () => onChoose(options));
    return createElement('li', {}, button);
  });
  list.replaceChildren(...items);
  return items;
}

async function loadAll(state: State, key: string, items: readonly HTMLElement[], choices: readonly FormatChoice[]) {
  const stop = new AbortController();
  shown?.stop.abort();
  shown = { choices, stop };
  const { signal } = stop;
  const lossless = requestImage(losslessChoice(state, key).url, signal).then(decode);
  // Awaited by each item too; without a listener the browser would report it.
  lossless.catch(() => {});
  const queue = [...choices.entries()];
  const work = async () => {
    for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) {
      const [i, choice] = next;
      const item = items[i];
      if (item) await load(item, choice, lossless, signal);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/**
 * Shows the strip of a state, if it is open, else when it is opened.
 *
 * @param source format and transparency of the source
 * @param onChoose called with all options of the choice that was clicked
 */
export function showFormats(
  state: State,
  key: string,
  source: { readonly format?: string; readonly alpha?: boolean },
  onChoose: (options: FormatChoice['options']) => void,
): void {
  details.hidden = isTextOutput(state);
  update = () => {
    const choices = formatChoices(state, key, source);
    const isSame = shown?.choices.map(({ url }) => url).join() === choices.map(({ url }) => url).join();
    if (!isSame) loadAll(state, key, createItems(choices, onChoose), choices);
    for (const [i, button] of list.querySelectorAll('button').entries())
      button.setAttribute('aria-pressed', String(choices[i] !== undefined && isChosen(state, choices[i])));
  };
  if (details.open && !details.hidden) update();
}

details.addEventListener('toggle', () => details.open && update());
