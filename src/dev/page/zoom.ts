/** Zooms the preview, by wheel and buttons. What does not fit is scrolled: by keys, by scroll bars, and by a drag beside the divider. */
import { getElement } from './dom.ts';

const view = getElement('view');
const scroller = getElement('scroller');
const frame = getElement('frame');
const output = getElement<HTMLImageElement>('output');
const divider = getElement('divider');

const MAX_ZOOM = 16;
/** Zoom of one click. */
const STEP = 1.5;
/** CSS pixels around the divider in which a drag moves it. */
const DIVIDER_REACH = 24;

/** 1 shows the whole image. */
let zoom = 1;

/** Returns device pixels for each pixel of the output. */
function scale(): number {
  const { width } = output.getBoundingClientRect();
  return output.naturalWidth ? (width * devicePixelRatio) / output.naturalWidth : 1;
}

/** Shows the scale, unless the output is hidden. */
function showLevel(): void {
  const percent = Math.round(scale() * 100);
  getElement('zoom-level').textContent = percent ? `${percent} %` : '';
}

/** Sets the zoom. The place under a point of the window stays there. @param point the centre by default */
function setZoom(value: number, point?: { readonly clientX: number; readonly clientY: number }): void {
  const box = scroller.getBoundingClientRect();
  const { clientX = box.left + box.width / 2, clientY = box.top + box.height / 2 } = point ?? {};
  const before = frame.getBoundingClientRect();
  const [x, y] = [(clientX - before.left) / before.width, (clientY - before.top) / before.height];
  zoom = Math.min(MAX_ZOOM, value);
  frame.style.setProperty('--zoom', String(zoom));
  const after = frame.getBoundingClientRect();
  scroller.scrollLeft += after.left + x * after.width - clientX;
  scroller.scrollTop += after.top + y * after.height - clientY;
  view.toggleAttribute('data-zoomed', zoom > 1);
  // Focusable, so that it can be scrolled by keyboard.
  if (zoom > 1) scroller.tabIndex = 0;
  else scroller.removeAttribute('tabindex');
  showLevel();
}

/** Zooms by the wheel; at the smallest zoom it scrolls the page. */
function zoomByWheel(event: WheelEvent): void {
  const next = Math.max(1, zoom * 1.0015 ** -event.deltaY);
  if (view.dataset.tool || view.dataset.card || (next === 1 && zoom <= 1)) return;
  event.preventDefault();
  setZoom(next, event);
}

let drag: { readonly pointerId: number; x: number; y: number } | undefined;

/** Starts a drag of the image, unless the divider or a scroll bar is dragged. */
function startDrag(event: PointerEvent): void {
  const { left, width } = divider.getBoundingClientRect();
  const isOnDivider = width > 0 && Math.abs(event.clientX - left - width / 2) < DIVIDER_REACH;
  const isOnScrollBar = event.offsetX > scroller.clientWidth || event.offsetY > scroller.clientHeight;
  if (zoom <= 1 || isOnDivider || (event.target === scroller && isOnScrollBar)) return;
  event.preventDefault();
  event.stopPropagation();
  scroller.setPointerCapture(event.pointerId);
  drag = { pointerId: event.pointerId, x: event.clientX, y: event.clientY };
}

function continueDrag({ pointerId, clientX, clientY }: PointerEvent): void {
  if (drag?.pointerId !== pointerId) return;
  scroller.scrollBy(drag.x - clientX, drag.y - clientY);
  [drag.x, drag.y] = [clientX, clientY];
}

/** Listens to the wheel, the buttons and drags. */
export function listenToZoom(): void {
  getElement('zoom-in').addEventListener('click', () => setZoom(zoom * STEP));
  getElement('zoom-out').addEventListener('click', () => setZoom(Math.max(1, zoom / STEP)));
  getElement('zoom-fit').addEventListener('click', () => setZoom(1));
  getElement('zoom-actual').addEventListener('click', () => setZoom(zoom / scale()));
  view.addEventListener('wheel', zoomByWheel, { passive: false });
  // Before the preview, which moves its divider.
  scroller.addEventListener('pointerdown', startDrag, { capture: true });
  scroller.addEventListener('pointermove', continueDrag);
  for (const type of ['pointerup', 'pointercancel'])
    scroller.addEventListener(type, () => {
      drag = undefined;
    });
  // Of another output, of another window.
  new ResizeObserver(showLevel).observe(output);
}
