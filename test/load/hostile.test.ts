/** The hostile requests: each case comes in turn. */
import { expect, test } from 'vitest';
import { CASES, createHostile } from './hostile.ts';

test('each case is requested once a round, and no URL twice', () => {
  const next = createHostile(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
  const urls = Array.from({ length: 2 * CASES.length }, () => new URL(next(), 'http://localhost').searchParams);
  const sources = urls.map((query) => query.get('u') ?? '');
  expect(new Set(sources).size).toBe(urls.length);
  const expected = CASES.map(({ input, query }) => `${encodeURIComponent(input.name)} ${new URLSearchParams(query)}`);
  const requested = urls.map((query, i) => {
    for (const name of ['k', 'u']) query.delete(name);
    return `${new URL(sources[i] ?? '').pathname.slice(1)} ${query}`;
  });
  expect(requested.slice(0, CASES.length).toSorted()).toEqual(expected.toSorted());
});
