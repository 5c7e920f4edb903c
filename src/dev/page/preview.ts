/** Shows original and output, split or side by side. The previous image stays until the next one is decoded. */
import { getElement } from './dom.ts';

const view = getElement('view');
const frame = getElement('frame');
const original = getElement<HTMLImageElement>('original');
const output = getElement<HTMLImageElement>('output');
const divider = getElement('divider');
const card = getElement('card');

/** Maximum relative difference of two aspect ratios that the split view treats as equal: rounded sides differ. */
const RATIO_TOLERANCE = 0.02;
/** Minimum width of the frame in CSS pixels: the divider of a smaller one cannot be dragged. */
const MIN_FRAME_WIDTH = 160;

let outputSize: { width: number; height: number } | undefined;
let devicePixelRatio = 1;

function moveDivider(percent: number) {
  const position = Math.min(100, Math.max(0, percent));
  frame.style.setProperty('--at', `${position}%`);
  divider.setAttribute('aria-valuenow', String(Math.round(position)));
  divider.setAttribute('aria-valuetext', `${Math.round(position)} % original`);
}

const modeRadios = [...document.querySelectorAll<HTMLInputElement>('input[name=mode]')];
let selectedMode = 'split';

/** Sets the mode and size of the frame. Images of different aspect ratios are always side by side. */
function layOut() {
  // Until there is an output the size of the frame is unknown: setting it now would cause a layout shift.
  if (!outputSize) return;
  const { width, height } = outputSize;
  const ratio = width / height;
  const hasOriginal = !original.hidden && original.naturalWidth > 0;
  const canSplit =
    !hasOriginal || Math.abs(original.naturalWidth / original.naturalHeight / ratio - 1) < RATIO_TOLERANCE;
  const mode = canSplit ? selectedMode : 'side';
  for (const radio of modeRadios) {
    radio.checked = radio.value === mode;
    radio.disabled = radio.value === 'split' && !canSplit;
  }
  view.dataset.mode = hasOriginal ? mode : 'single';
  frame.style.setProperty('--ratio', String(ratio));
  frame.style.setProperty('--max-width', `${Math.max(MIN_FRAME_WIDTH, width / devicePixelRatio)}px`);
}

/** Keys of the divider, each with the new position (percent). */
const DIVIDER_KEYS: Readonly<Record<string, (position: number) => number>> = {
  ArrowLeft: (position) => position - 2,
  ArrowDown: (position) => position - 2,
  ArrowRight: (position) => position + 2,
  ArrowUp: (position) => position + 2,
  PageDown: (position) => position - 10,
  PageUp: (position) => position + 10,
  Home: () => 0,
  End: () => 100,
};

divider.addEventListener('keydown', (event) => {
  const move = DIVIDER_KEYS[event.key];
  if (!move) return;
  event.preventDefault();
  moveDivider(move(Number(divider.getAttribute('aria-valuenow'))));
});

const moveDividerToPointer = ({ clientX }: PointerEvent) => {
  const { left, width } = frame.getBoundingClientRect();
  moveDivider(((clientX - left) / width) * 100);
};
frame.addEventListener('pointerdown', (event) => {
  if (view.dataset.mode !== 'split') return;
  event.preventDefault();
  frame.setPointerCapture(event.pointerId);
  divider.focus({ preventScroll: true });
  moveDividerToPointer(event);
});
frame.addEventListener('pointermove', (event) => {
  if (frame.hasPointerCapture(event.pointerId)) moveDividerToPointer(event);
});
for (const radio of modeRadios)
  radio.addEventListener('change', () => {
    selectedMode = radio.value;
    layOut();
  });

/** URL of the latest original: one that loads after a newer request is dropped. */
let latestOriginal: string | undefined;

const canDecode = (image: HTMLImageElement) =>
  image.decode().then(
    () => true,
    () => false,
  );

/** Shows the original. @param url undefined if the browser cannot load it, such as `s3://…` */
export async function showOriginal(url: string | undefined): Promise<void> {
  latestOriginal = url;
  const preload = new Image();
  // The output is what the visitor waits for.
  preload.fetchPriority = 'low';
  preload.referrerPolicy = 'no-referrer';
  preload.src = url ?? '';
  const isLoaded = url !== undefined && (await canDecode(preload));
  if (latestOriginal !== url) return;
  if (isLoaded) {
    original.src = preload.src;
    await canDecode(original);
  }
  original.hidden = !isLoaded;
  layOut();
}

/** Shows the output. @returns its size in pixels; undefined if the browser cannot show it, such as a TIFF */
export async function showOutput(blob: Blob, pixelRatio: number, signal: AbortSignal) {
  const url = URL.createObjectURL(blob);
  const preload = new Image();
  preload.src = url;
  const isLoaded = await canDecode(preload);
  if (signal.aborted) return void URL.revokeObjectURL(url);
  const previousUrl = output.src;
  outputSize = isLoaded ? { width: preload.naturalWidth, height: preload.naturalHeight } : undefined;
  devicePixelRatio = pixelRatio;
  if (isLoaded) {
    output.src = url;
    await canDecode(output);
    if (previousUrl) URL.revokeObjectURL(previousUrl);
  }
  output.hidden = !isLoaded;
  layOut();
  return outputSize;
}

/** Starts the animations of both images at their first frames, at the same time. */
export function restartAnimations(): void {
  // Setting `src` restarts an animation, even to the same value (HTML, "update the image data").
  for (const image of [original, output]) if (!image.hidden) image.setAttribute('src', image.src);
}

/** Shows a card over the images; undefined removes it. */
export function showCard(content: HTMLElement | undefined, kind = ''): void {
  card.replaceChildren(...(content ? [content] : []));
  card.hidden = !content;
  view.dataset.card = content ? kind : '';
  // Focusable, so that a card longer than the preview can be scrolled by keyboard.
  card.tabIndex = 0;
}
