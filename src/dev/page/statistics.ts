/** Sizes, bytes and times, in the boxes under the picture. */

import { find } from './dom.ts';
import { type Answer, formatName, inBytes, saving } from './response.ts';

/** What is read of the answer to `f=json`; nothing where that could not be had. */
export interface Source {
  readonly bytes?: number;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly alpha?: boolean;
}

const show = (id: string, text: string) => find(id).replaceChildren(text);

/** For those who do not see the picture change. */
export const announce = (text: string): void => show('status', text);

export function showSource({ bytes, width, height, format = '' }: Source): void {
  show('original-size', bytes ? inBytes(bytes) : '–');
  show('original-facts', width ? `${width} × ${height} ${formatName(format)}` : '');
}

export function showTiming({ ms, timing, notes }: Answer): void {
  show('time', `${Math.round(ms)} ms`);
  show('cache', timing.cache ? `cache: ${timing.cache}` : '');
  const spent = timing.spent.filter(([, time]) => time >= 0.1).map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  const remembered = timing.cache === 'hit' ? ['remembered: nothing was fetched, and nothing made'] : [];
  show('spent', [...(spent.length ? spent : remembered), ...notes].join(' · '));
}

/** Where there is no result, or nothing that could be compared. */
export function clearFigures(): void {
  for (const id of ['result-size', 'saving']) show(id, '–');
  for (const id of ['result-facts', 'saved']) show(id, '');
  show('saving-name', 'Saved');
  find('saving').classList.remove('good');
}

/** @param facts size and format of the result, in words */
export function showFigures({ bytes: before }: Source, bytes: number, facts: string): void {
  show('result-size', inBytes(bytes));
  show('result-facts', facts);
  const percent = before ? saving(before, bytes) : '–';
  show('saving', percent);
  show('saving-name', percent.startsWith('+') ? 'Larger' : 'Saved');
  find('saving').classList.toggle('good', percent.startsWith('−'));
  show('saved', before && before > bytes ? `${inBytes(before - bytes)} less` : '');
  announce(`Result: ${facts}, ${inBytes(bytes)}, ${percent}`);
}
