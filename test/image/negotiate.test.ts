import { expect, test } from 'vitest';
import { accepts, candidateFormats } from '../../src/image/negotiate.ts';

const CHROME = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

test.each([
  [CHROME, true],
  ['IMAGE/WebP', true],
  ['image/webp;q=0.1', true],
  ['image/webp ; level=1 ; q=0.5', true],
  ['image/png, image/webp', true],
  ['image/webp;q=0', false],
  ['image/webp;q=0.000', false],
  ['image/webp;q=x', false],
  ['*/*', false],
  ['image/*', false],
  ['image/webpx', false],
  ['', false],
  [undefined, false],
])('Accept: %s names WebP: %s', (accept, expected) => expect(accepts(accept, 'image/webp')).toBe(expected));

test.each([
  ['auto', 'jpeg', CHROME, ['webp', 'jpg', 'png']],
  ['auto', 'jpeg', '*/*', ['jpg', 'png']],
  ['auto', 'png', undefined, ['png', 'jpg']],
  ['auto', 'svg', '*/*', ['png', 'jpg']],
  ['auto', 'tiff', '*/*', ['png', 'jpg']],
  ['auto', 'svg', CHROME, ['webp', 'png', 'jpg']],
  ['auto', 'gif', '*/*', ['gif', 'jpg', 'png']],
  ['auto', 'webp', '*/*', ['webp', 'jpg', 'png']],
  ['auto', 'avif', '*/*', ['avif', 'jpg', 'png']],
  ['origin', 'jpeg', CHROME, ['jpg', 'png']],
  ['origin', 'gif', CHROME, ['gif', 'jpg', 'png']],
  ['origin', 'tiff', CHROME, ['tiff', 'jpg', 'png']],
  ['origin', 'svg', CHROME, ['png', 'jpg']],
  ['png', 'jpeg', CHROME, ['png']],
  ['avif', 'jpeg', '*/*', ['avif']],
] as const)('f=%s of %s with Accept %s', (f, source, accept, expected) =>
  expect(candidateFormats(f, source, accept, false)).toEqual(expected),
);

test.each([
  [CHROME, ['avif', 'webp', 'jpg', 'png']],
  ['image/avif;q=0, image/webp', ['webp', 'jpg', 'png']],
  ['*/*', ['jpg', 'png']],
] as const)('where the deployment allows AVIF, Accept %s', (accept, expected) =>
  expect(candidateFormats('auto', 'jpeg', accept, true)).toEqual(expected),
);
