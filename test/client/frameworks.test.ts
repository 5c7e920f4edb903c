import { describe, expect, test } from 'vitest';
import { nextLoader, nuxtProvider, unpicTransformer } from '../../src/client/frameworks.ts';
import { extract } from '../../src/client/url.ts';
import { codeOf, context, testHandler, toReply } from '../requests.ts';

const options = { base: 'https://img.example.com/', k: 'KEY', origin: 'https://example.com' };
const handler = testHandler({ API_KEYS: 'reader:KEY', SOURCE_ALLOWED_HOSTS: 'other.example.com' });

/** The parts of a URL. The resizer must accept all of it but the host. */
async function partsOf(url: string): Promise<Record<string, string | undefined>> {
  const rawQueryString = new URL(url).search.slice(1);
  const reply = toReply(await handler({ rawQueryString, requestContext: { http: { method: 'GET' } } }, context()));
  expect([reply.status, codeOf(reply)], reply.body.toString()).toEqual([403, 'SOURCE_FORBIDDEN']);
  const { source, options: parameters } = extract(url) ?? {};
  return { source, ...parameters };
}

describe('Next.js', () => {
  const loader = nextLoader(options);
  test.each([
    [
      { src: '/cat.jpg', width: 640 },
      { source: 'https://example.com/cat.jpg', k: 'KEY', w: '640', we: '1' },
    ],
    [
      { src: 'https://x.de/a.jpg?b=1', width: 32, quality: 60 },
      { source: 'https://x.de/a.jpg?b=1', k: 'KEY', w: '32', q: '60', we: '1' },
    ],
  ])('%j', async (props, expected) => expect(await partsOf(loader(props))).toEqual(expected));
  test('parameters of every image, which those of the framework replace', async () => {
    const parameters = { fit: 'cover', ar: '4:3', q: 50 } as const;
    const url = nextLoader({ ...options, parameters })({ src: '/cat.jpg', width: 640, quality: 60 });
    expect(await partsOf(url)).toMatchObject({ fit: 'cover', ar: '4:3', q: '60', w: '640' });
    const contained = unpicTransformer({ ...options, parameters: { fit: 'contain' } })('https://x.de/a.jpg', {
      width: 4,
      height: 3,
    });
    expect(await partsOf(contained)).toMatchObject({ fit: 'contain', w: '4', h: '3' });
  });
  test('a relative source without origin', () =>
    expect(() => nextLoader({ base: options.base })({ src: '/cat.jpg', width: 1 })).toThrow(/origin/));
});

test('Nuxt Image', async () => {
  const { getImage } = nuxtProvider(options);
  const modifiers = {
    width: 300,
    height: 200,
    fit: 'cover',
    format: 'webp',
    quality: 70,
    background: '#ff0000',
    rotate: 90,
    blur: undefined,
  };
  expect(await partsOf(getImage('/cat.jpg', { modifiers }).url)).toEqual({
    source: 'https://example.com/cat.jpg',
    k: 'KEY',
    w: '300',
    h: '200',
    fit: 'cover',
    f: 'webp',
    q: '70',
    bg: 'ff0000',
    ro: '90',
  });
  expect((await partsOf(getImage('https://x.de/a.jpg', { modifiers: { width: 5 } }).url)).w).toBe('5');
});

test('unpic', async () => {
  const transform = unpicTransformer(options);
  expect(await partsOf(transform('https://x.de/a.jpg', { width: 300, height: 200, format: 'avif' }))).toEqual({
    source: 'https://x.de/a.jpg',
    k: 'KEY',
    w: '300',
    h: '200',
    fit: 'cover',
    f: 'avif',
  });
  const contained = transform(new URL('https://x.de/a.jpg'), { width: 300, height: 200, fit: 'contain' });
  expect((await partsOf(contained)).fit).toBe('contain');
  expect(await partsOf(transform('https://x.de/a.jpg', { width: 300 }))).not.toHaveProperty('fit');
});
