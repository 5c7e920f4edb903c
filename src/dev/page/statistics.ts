/** Shows sizes, bytes and times below the preview. */
import { explainGrowth, formatDifference, type OutputInfo, type SourceInfo } from './comparison.ts';
import { getElement } from './dom.ts';
import { type ApiResponse, formatBytes, formatName } from './response.ts';

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

function showGrowth(text: string): void {
  setText('growth', text);
  getElement('growth').hidden = text === '';
}

/** Clears the output's statistics: there is no image output, or nothing to compare it with. */
export function clearStatistics(): void {
  for (const id of ['output-size', 'difference']) setText(id, '–');
  for (const id of ['output-info', 'difference-bytes']) setText(id, '');
  showGrowth('');
  getElement('difference').classList.remove('good');
}

/** Shows the output beside its source, and why it is larger if it is. */
export function showStatistics(source: SourceInfo, output: OutputInfo): void {
  const { bytes, type, size } = output;
  const info = `${size ? `${size.width} × ${size.height} ` : ''}${formatName(type)}`;
  setText('output-size', formatBytes(bytes));
  setText('output-info', info);
  const { bytes: sourceBytes } = source;
  const difference = sourceBytes ? formatDifference(sourceBytes, bytes) : '–';
  setText('difference', difference);
  getElement('difference').classList.toggle('good', difference.endsWith('smaller'));
  const more = bytes - (sourceBytes ?? bytes);
  setText('difference-bytes', more ? `${formatBytes(Math.abs(more))} ${more < 0 ? 'less' : 'more'}` : '');
  showGrowth(explainGrowth(source, output));
  announce(`Output: ${info}, ${formatBytes(bytes)}, ${difference}`);
}
