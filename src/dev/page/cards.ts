/** What is no picture, as a card that can be read: a problem, what a picture is, a placeholder. */

import { copyButton, make, readOnly } from './dom.ts';
import { inBytes, type Problem } from './response.ts';

export function problemCard({ title, status, code, detail, errors = [] }: Problem): HTMLElement {
  const head = make('h2', {}, title, ' ', make('code', {}, status ? `${status} ${code}` : code));
  // One fault is the detail itself.
  const list = errors.length > 1 ? errors.map((fault) => make('li', {}, fault.detail)) : [];
  const body = list.length ? make('ul', {}, ...list) : make('p', {}, detail);
  return make('div', { class: 'problem' }, head, body);
}

type Fact = string | number | boolean | null | readonly unknown[] | { readonly [name: string]: unknown };

function inWords(name: string, fact: Fact): string {
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no';
  if (typeof fact === 'number') return name === 'bytes' ? inBytes(fact) : String(fact);
  if (typeof fact !== 'object' || fact === null) return String(fact);
  if (Array.isArray(fact)) return fact.length > 8 ? `${fact.slice(0, 8).join(', ')}, …` : fact.join(', ');
  const { width, height, ...rest } = fact as Record<string, Fact>;
  const others = Object.entries(rest).map(([key, value]) => `${key} ${inWords(key, value)}`);
  return [...(width === undefined ? [] : [`${width} × ${height}`]), ...others].join(', ');
}

function table(facts: Readonly<Record<string, Fact>>): HTMLElement {
  const rows = Object.entries(facts).map(([name, fact]) =>
    make('div', {}, make('dt', {}, name), make('dd', {}, inWords(name, fact))),
  );
  return make('dl', {}, ...rows);
}

/** The answer of `f=json`: what the source is, and under `explain` what would be done. */
export function factsCard(text: string): HTMLElement {
  const { plan, ...facts } = JSON.parse(text) as Record<string, Fact>;
  const parts = [make('h2', {}, 'The source'), table(facts)];
  if (plan) parts.push(make('h2', {}, 'What would be done'), table(plan as Record<string, Fact>));
  return make('div', { class: 'facts' }, ...parts);
}

/** A placeholder, or a picture as a data URL: the text itself, and what it looks like where the browser knows. */
export function textCard(name: string, text: string): HTMLElement {
  const parts: HTMLElement[] = [make('h2', {}, name)];
  if (text.startsWith('data:image/')) parts.push(make('img', { src: text, alt: 'What the text shows' }));
  if (/^#[0-9a-f]{6}$/i.test(text)) {
    const swatch = make('span', { class: 'swatch' });
    swatch.style.background = text;
    parts.push(swatch);
  }
  parts.push(
    readOnly(name, {}, text),
    copyButton(name, () => text),
  );
  return make('div', { class: 'text' }, ...parts);
}

/** Fields that are no parameter of the form. */
const FIELDS: Readonly<Record<string, string>> = { u: 'u', k: 'key' };

/** Marks each faulty parameter at its field with what the API says of it, and opens where that field is. */
export function markFaults({ code, detail, errors = [] }: Pick<Problem, 'code' | 'detail' | 'errors'>): void {
  const ofKey = code === 'UNAUTHORIZED' ? [{ parameter: 'k', detail }] : [];
  const faults = new Map([...errors, ...ofKey].map((fault) => [fault.parameter, fault.detail]));
  for (const line of document.querySelectorAll<HTMLElement>('.fault')) {
    const name = line.id.replace('-fault', '');
    const found = faults.get(name);
    line.textContent = found ?? '';
    line.hidden = found === undefined;
    const field = document.getElementById(FIELDS[name] ?? `p-${name}`);
    if (found === undefined) field?.removeAttribute('aria-invalid');
    else field?.setAttribute('aria-invalid', 'true');
    const group = line.closest('details');
    if (found !== undefined && group) group.open = true;
  }
}

/** What the next answer may mark anew. */
export const clearFaults = (): void => markFaults({ code: '', detail: '' });
