/** Cards over the preview for image info and text outputs, and the errors at the fields. */
import { copyButton, createElement, readOnlyText } from './dom.ts';
import { decodeHash, type HashImage } from './hash-image.ts';
import { formatBytes, type Problem } from './response.ts';

type InfoValue = string | number | boolean | null | readonly unknown[] | { readonly [name: string]: unknown };

/** Formats a value of the image info: width and height as `300 × 200`, at most 8 items of a list. */
function formatValue(name: string, value: InfoValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return name === 'bytes' ? formatBytes(value) : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.length > 8 ? `${value.slice(0, 8).join(', ')}, …` : value.join(', ');
  const { width, height, ...rest } = value as Record<string, InfoValue>;
  const properties = Object.entries(rest).map(([key, property]) => `${key} ${formatValue(key, property)}`);
  return [...(width === undefined ? [] : [`${width} × ${height}`]), ...properties].join(', ');
}

function infoList(info: Readonly<Record<string, InfoValue>>): HTMLElement {
  const rows = Object.entries(info).map(([name, value]) =>
    createElement('div', {}, createElement('dt', {}, name), createElement('dd', {}, formatValue(name, value))),
  );
  return createElement('dl', {}, ...rows);
}

/** Returns the card of `f=json`: the metadata of the source, and with `explain` the plan. */
export function infoCard(json: string): HTMLElement {
  const { plan, ...source } = JSON.parse(json) as Record<string, InfoValue>;
  const parts = [createElement('h2', {}, 'Source'), infoList(source)];
  if (plan) parts.push(createElement('h2', {}, 'Plan'), infoList(plan as Record<string, InfoValue>));
  return createElement('div', { class: 'info' }, ...parts);
}

/** Returns a canvas with a decoded hash. */
function hashCanvas(name: string, { width, height, data }: HashImage): HTMLElement {
  const label = `Preview of the ${name}`;
  const canvas = createElement('canvas', { width: `${width}`, height: `${height}`, role: 'img', 'aria-label': label });
  const context = canvas.getContext('2d');
  const pixels = context?.createImageData(width, height);
  pixels?.data.set(data);
  if (pixels) context?.putImageData(pixels, 0, 0);
  return canvas;
}

/**
 * Returns the card of a placeholder or a data URL: the text, and its image or colour.
 *
 * @param ratio width : height of the source
 */
export function textCard(name: string, text: string, ratio: number): HTMLElement {
  const parts: HTMLElement[] = [createElement('h2', {}, name)];
  if (text.startsWith('data:image/')) parts.push(createElement('img', { src: text, alt: 'Preview of the data URL' }));
  const hash = decodeHash(name, text, ratio);
  if (hash) parts.push(hashCanvas(name, hash));
  if (/^#[0-9a-f]{6}$/i.test(text)) {
    const swatch = createElement('span', { class: 'swatch' });
    swatch.style.background = text;
    parts.push(swatch);
  }
  parts.push(
    readOnlyText(name, {}, text),
    copyButton(name, () => text),
  );
  return createElement('div', { class: 'text' }, ...parts);
}

/** Ids of the fields outside the form, by parameter. */
const FIELD_IDS: Readonly<Record<string, string>> = { u: 'u', k: 'key' };

/** Shows the error of each invalid parameter at its field, opens the groups of these fields, and clears all other errors. */
export function showFieldErrors({ code, detail, errors = [] }: Pick<Problem, 'code' | 'detail' | 'errors'>): void {
  const keyErrors = code === 'UNAUTHORIZED' ? [{ parameter: 'k', detail }] : [];
  const details = new Map([...errors, ...keyErrors].map((error) => [error.parameter, error.detail]));
  for (const message of document.querySelectorAll<HTMLElement>('.error')) {
    const name = message.id.replace('-error', '');
    const text = details.get(name);
    message.textContent = text ?? '';
    message.hidden = text === undefined;
    const field = document.getElementById(FIELD_IDS[name] ?? `p-${name}`);
    if (text === undefined) field?.removeAttribute('aria-invalid');
    else field?.setAttribute('aria-invalid', 'true');
    const group = message.closest('details');
    if (text !== undefined && group) group.open = true;
  }
}

export const clearFieldErrors = (): void => showFieldErrors({ code: '', detail: '' });
