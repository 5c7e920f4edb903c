import { expect, test } from 'vitest';
import { read, sourceOf } from './read.ts';

test.each([
  ['/_next/image?url=%2Fcat.jpg&w=640&q=75', 'we=1&w=640&q=75', '/cat.jpg'],
  [
    '/_next/image?url=https%3A%2F%2Fexample.com%2Fa%2520b.jpg%3Fv%3D1&w=1080&q=75',
    'we=1&w=1080&q=75',
    'https://example.com/a%20b.jpg?v=1',
  ],
  ['/_next/image?url=%2Fme.png&w=3840&q=75&dpl=dpl_123', 'we=1&w=3840&q=75&v=dpl_123', '/me.png'],
  ['/_next/image?url=%2F%2Fexample.com%2Fa.jpg&w=16&q=1', 'we=1&w=16&q=1', '//example.com/a.jpg'],
])('%s', (url, query, source) => {
  expect(read('next', url)).toBe(query);
  expect(sourceOf('next', url)).toBe(source);
});

test.each([
  ['/_next/image?w=640&q=75', 'next: url is required'],
  ['/_next/image?url=%2Fa.jpg&w=640&w=1', 'next: w is given more than once'],
  ['/_next/image?url=%2Fa.jpg&w=640&blur=<b>', 'next: blur has no counterpart'],
])('%s: %s', (url, problem) => expect(read('next', url)).toBe(problem));

test('other paths are not of Next.js', () => expect(read('next', '/_next/static/a.png')).toBeUndefined());
