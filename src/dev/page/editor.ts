/** The tools on the image: a click sets the focal point, or takes a colour; a drag crops. The form has fields for the same. */
import { createElement, getElement } from './dom.ts';
import {
  colourNames,
  cropCorners,
  type Place,
  type Tool,
  toColour,
  toolOptions,
  withCrop,
  withFocus,
} from './image-tools.ts';
import { imageUrl } from './image-urls.ts';
import { requestUrl } from './response.ts';
import type { State } from './state.ts';

const view = getElement('view');
const surface = getElement('editor-surface');
const image = getElement<HTMLImageElement>('editor-image');
const marker = getElement('editor-marker');
const hint = getElement('tool-hint');
const output = getElement<HTMLImageElement>('output');
const colourSelect = getElement<HTMLSelectElement>('tool-colour');

const HINTS: Readonly<Record<Tool, string>> = {
  focus: 'Click what a crop must keep. By keyboard: the fields Focal point, x and y.',
  crop: 'Drag a rectangle; a click removes it. By keyboard: the fields Crop.',
  colour: 'Click a colour of the output: it becomes that of the chosen parameter.',
};

let tool: Tool | undefined;
let state: State | undefined;
let key = '';
let onChange: (options: State['options']) => void = () => {};
let loadedUrl = '';
let loading = new AbortController();

/** Shows the image that the tool is used on: the output to take a colour from, else the source. */
async function showImage(): Promise<void> {
  if (!tool || !state) return;
  if (tool === 'colour') {
    loadedUrl = '';
    image.src = output.src;
    return;
  }
  const url = imageUrl({ ...state, options: toolOptions(tool, state.options) }, key);
  if (url === loadedUrl) return;
  loading.abort();
  loading = new AbortController();
  loadedUrl = url;
  const response = await requestUrl(url, loading.signal).catch(() => undefined);
  if (url !== loadedUrl) return;
  if (response?.kind === 'image') {
    if (image.src.startsWith('blob:') && image.src !== output.src) URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(response.blob);
  } else hint.textContent = response?.kind === 'problem' ? response.problem.detail : HINTS[tool];
}

/** Draws the marker between two corners; a point if they are equal, and nothing without one. */
function showMarker(corners: readonly [Place, Place] | undefined): void {
  marker.hidden = corners === undefined;
  if (!corners) return;
  const [{ x: x1, y: y1 }, { x: x2, y: y2 }] = corners;
  const sides = { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
  for (const [name, share] of Object.entries(sides)) marker.style.setProperty(name, `${share * 100}%`);
}

function showParameters({ options }: State): void {
  const focus = { x: Number(options.fpx ?? 0.5), y: Number(options.fpy ?? 0.5) };
  const hasFocus = options.fpx !== undefined || options.fpy !== undefined;
  if (tool === 'focus') showMarker(hasFocus ? [focus, focus] : undefined);
  else showMarker(tool === 'crop' ? cropCorners(options) : undefined);
  const names = colourNames(options);
  if (names.join() === [...colourSelect.options].map(({ value }) => value).join()) return;
  const { value } = colourSelect;
  colourSelect.replaceChildren(...names.map((name) => createElement('option', { value: name }, name)));
  if (names.includes(value)) colourSelect.value = value;
}

function update(): void {
  if (tool) view.dataset.tool = tool;
  else delete view.dataset.tool;
  getElement('editor').hidden = !tool;
  colourSelect.hidden = tool !== 'colour';
  hint.hidden = !tool;
  hint.textContent = tool ? HINTS[tool] : '';
  if (state) showParameters(state);
  showImage();
}

/** Shows a state in the tool that is in use. @param changed called with all options after a use of a tool */
export function showEditor(next: State, nextKey: string, changed: typeof onChange): void {
  [state, key, onChange] = [next, nextKey, changed];
  if (!tool) return;
  showParameters(next);
  showImage();
}

const placeOf = ({ clientX, clientY }: PointerEvent): Place => {
  const { left, top, width, height } = surface.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
};

/** Takes the colour of the output at a place. */
function takeColour({ x, y }: Place): void {
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  const at = (share: number, side: number) => Math.min(side - 1, Math.max(0, Math.floor(share * side)));
  context?.drawImage(image, -at(x, width), -at(y, height));
  const pixel = context?.getImageData(0, 0, 1, 1).data;
  if (pixel && state && colourSelect.value) onChange({ ...state.options, [colourSelect.value]: toColour(pixel) });
}

let start: Place | undefined;
surface.addEventListener('pointerdown', (event) => {
  event.preventDefault();
  surface.setPointerCapture(event.pointerId);
  start = placeOf(event);
});
surface.addEventListener('pointermove', (event) => {
  if (start && tool === 'crop') showMarker([start, placeOf(event)]);
});
surface.addEventListener('pointerup', (event) => {
  const [from, to] = [start, placeOf(event)];
  start = undefined;
  if (!from || !state) return;
  if (tool === 'crop') onChange(withCrop(state.options, from, to));
  else if (tool === 'focus') onChange(withFocus(state.options, to));
  else takeColour(to);
});
surface.addEventListener('pointercancel', () => {
  start = undefined;
  if (state) showParameters(state);
});

getElement('tools').addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  tool = target.value === 'compare' ? undefined : (target.value as Tool);
  update();
});
output.addEventListener('load', () => tool === 'colour' && showImage());
