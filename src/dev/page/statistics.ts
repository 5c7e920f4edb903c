/** Shows sizes, bytes and times below the preview. */
import { getElement } from './dom.ts';
import { type ApiResponse, formatBytes, formatName, formatSaving } from './response.ts';

/** Metadata of the source, from the response to `f=json`; empty if that failed. */
export interface SourceInfo {
  readonly bytes?: number;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly alpha?: boolean;
}

const setText = (id: string, text: string) => getElement(id).replaceChildren(text);

/** Announces a change to screen readers. */
export const announce = (text: string): void => setText('status', text);

export function showSourceInfo({ bytes, width, height, format = '' }: SourceInfo): void {
  setText('original-size', bytes ? formatBytes(bytes) : '–');
  setText('original-info', width ? `${width} × ${height} ${formatName(format)}` : '');
}

/** Shows the total time, the cache status, steps of 0.1 ms and more, and remarks. */
export function showTiming({ ms, timing, remarks }: ApiResponse): void {
  const { cacheStatus, steps } = timing;
  setText('time', `${Math.round(ms)} ms`);
  setText('cache', cacheStatus ? `cache: ${cacheStatus}` : '');
  const stepTexts = steps.filter(([, time]) => time >= 0.1).map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  const cacheHit = cacheStatus === 'hit' ? ['cache hit: nothing fetched or rendered'] : [];
  setText('timings', [...(stepTexts.length ? stepTexts : cacheHit), ...remarks].join(' · '));
}

/** Clears the output's statistics: there is no image output, or nothing to compare it with. */
export function clearStatistics(): void {
  for (const id of ['output-size', 'saving']) setText(id, '–');
  for (const id of ['output-info', 'saved']) setText(id, '');
  setText('saving-name', 'Saved');
  getElement('saving').classList.remove('good');
}

/** @param info size and format of the output, such as `640 × 427 WebP` */
export function showStatistics({ bytes: sourceBytes }: SourceInfo, bytes: number, info: string): void {
  setText('output-size', formatBytes(bytes));
  setText('output-info', info);
  const saving = sourceBytes ? formatSaving(sourceBytes, bytes) : '–';
  setText('saving', saving);
  setText('saving-name', saving.startsWith('+') ? 'Larger' : 'Saved');
  getElement('saving').classList.toggle('good', saving.startsWith('−'));
  setText('saved', sourceBytes && sourceBytes > bytes ? `${formatBytes(sourceBytes - bytes)} less` : '');
  announce(`Output: ${info}, ${formatBytes(bytes)}, ${saving}`);
}
