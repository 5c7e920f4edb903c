/** Original and result, one over the other or side by side. The old picture stays until the new one is there. */
import { find } from './dom.ts';

const view = find('view');
const frame = find('frame');
const original = find<HTMLImageElement>('original');
const result = find<HTMLImageElement>('result');
const divider = find('divider');
const card = find('card');

/** Pictures whose sides differ by no more than rounding can lie one over the other. */
const NEARLY = 0.02;
/** CSS pixels: less cannot be divided by hand. */
const SMALLEST = 160;

let size: { width: number; height: number } | undefined;
let dpr = 1;

function moveDivider(percent: number) {
  const at = Math.min(100, Math.max(0, percent));
  frame.style.setProperty('--at', `${at}%`);
  divider.setAttribute('aria-valuenow', String(Math.round(at)));
  divider.setAttribute('aria-valuetext', `${Math.round(at)} % original`);
}

const radios = [...document.querySelectorAll<HTMLInputElement>('input[name=mode]')];
let chosen = 'split';

function layOut() {
  // Before there is a result nobody knows how large the frame will be: it would jump.
  if (!size) return;
  const { width, height } = size;
  const ratio = width / height;
  const isShown = !original.hidden && original.naturalWidth > 0;
  const isAlike = !isShown || Math.abs(original.naturalWidth / original.naturalHeight / ratio - 1) < NEARLY;
  const mode = isAlike ? chosen : 'side';
  for (const radio of radios) {
    radio.checked = radio.value === mode;
    radio.disabled = radio.value === 'split' && !isAlike;
  }
  view.dataset.mode = isShown ? mode : 'alone';
  frame.style.setProperty('--ratio', String(ratio));
  frame.style.setProperty('--most', `${Math.max(SMALLEST, width / dpr)}px`);
}

const KEYS: Readonly<Record<string, (at: number) => number>> = {
  ArrowLeft: (at) => at - 2,
  ArrowDown: (at) => at - 2,
  ArrowRight: (at) => at + 2,
  ArrowUp: (at) => at + 2,
  PageDown: (at) => at - 10,
  PageUp: (at) => at + 10,
  Home: () => 0,
  End: () => 100,
};

divider.addEventListener('keydown', (event) => {
  const move = KEYS[event.key];
  if (!move) return;
  event.preventDefault();
  moveDivider(move(Number(divider.getAttribute('aria-valuenow'))));
});

const follow = ({ clientX }: PointerEvent) => {
  const { left, width } = frame.getBoundingClientRect();
  moveDivider(((clientX - left) / width) * 100);
};
frame.addEventListener('pointerdown', (event) => {
  if (view.dataset.mode !== 'split') return;
  event.preventDefault();
  frame.setPointerCapture(event.pointerId);
  divider.focus({ preventScroll: true });
  follow(event);
});
frame.addEventListener('pointermove', (event) => {
  if (frame.hasPointerCapture(event.pointerId)) follow(event);
});
for (const radio of radios)
  radio.addEventListener('change', () => {
    chosen = radio.value;
    layOut();
  });

/** Which original is wanted: one that comes late is left out. */
let wanted: string | undefined;

const decodes = (image: HTMLImageElement) =>
  image.decode().then(
    () => true,
    () => false,
  );

/** @param address undefined where the browser cannot load it, such as `s3://…` */
export async function showOriginal(address: string | undefined): Promise<void> {
  wanted = address;
  const coming = new Image();
  coming.referrerPolicy = 'no-referrer';
  coming.src = address ?? '';
  const isLoaded = address !== undefined && (await decodes(coming));
  if (wanted !== address) return;
  if (isLoaded) {
    original.src = coming.src;
    await decodes(original);
  }
  original.hidden = !isLoaded;
  layOut();
}

/** @returns its size in pixels; undefined where the browser cannot show it, such as a TIFF */
export async function showResult(blob: Blob, pixelRatio: number, signal: AbortSignal) {
  const url = URL.createObjectURL(blob);
  const coming = new Image();
  coming.src = url;
  const isShown = await decodes(coming);
  if (signal.aborted) return void URL.revokeObjectURL(url);
  const old = result.src;
  size = isShown ? { width: coming.naturalWidth, height: coming.naturalHeight } : undefined;
  dpr = pixelRatio;
  if (isShown) {
    result.src = url;
    await decodes(result);
    if (old) URL.revokeObjectURL(old);
  }
  result.hidden = !isShown;
  layOut();
  return size;
}

/** A card over the pictures, or none. */
export function showCard(content: HTMLElement | undefined, kind = ''): void {
  card.replaceChildren(...(content ? [content] : []));
  card.hidden = !content;
  view.dataset.card = content ? kind : '';
  // Where it is longer than the stage it is scrolled, by keys too.
  card.tabIndex = 0;
}

let timer = 0;
/** Shown only for what takes longer than a blink. */
export function showProgress(isBusy: boolean): void {
  clearTimeout(timer);
  const show = () => {
    find('progress').hidden = !isBusy;
    view.setAttribute('aria-busy', String(isBusy));
  };
  if (isBusy) timer = window.setTimeout(show, 150);
  else show();
}
