import { expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { parseSourceUrl } from '../../src/fetch/source-url.ts';
import { resolvePublicIps } from '../../src/fetch/ssrf.ts';

const messageOf = (u: string) => {
  try {
    return parseSourceUrl(u).href;
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
    return (error as ImageError).message;
  }
};

test.each<[kind: RegExp, texts: string[]]>([
  [
    /^u is a file on your computer/,
    [
      'C:\\Users\\me\\cat.jpg',
      'c:/cat.jpg',
      '\\\\server\\share\\cat.jpg',
      'file:///home/me/cat.jpg',
      'FILE:cat.jpg',
      '~/cat.jpg',
      ' C:\\a\nb.jpg',
    ],
  ],
  [/^u is a data: URL/, ['data:image/png;base64,AAAA', ' DATA:,x', `data:image/png;base64,${'A'.repeat(20_000)}`]],
  [/^u is a blob: URL/, ['blob:https://example.com/0b1c', 'blob:null/0b1c']],
  [
    /^u is a file name/,
    ['cat.jpg', 'my cat.JPEG', 'photo.of.cat.webp?v=1', 'https://cat.png', 'http://cat.svg/', 'cat.heic'],
  ],
  [
    /^u is a path without a host/,
    ['/images/cat.jpg', './cat.jpg', '../a/cat.jpg', 'images/cat.jpg', 'a/b/c.avif?x=1', '/'],
  ],
])('%s', (kind, texts) => {
  for (const text of texts) {
    expect(messageOf(text)).toMatch(kind);
    expect(messageOf(text)).not.toMatch(/AAAA|Users|0b1c|share/);
  }
});

test.each([
  'example.com/cat.jpg',
  '//example.com/cat.jpg',
  'https://images.example.com/cat.jpg',
  'https://example.jp/cat.jpg',
  'localhost/cat.jpg',
  'localhost:8080/cat.jpg',
  'https://example.com/?u=data:x',
  'https%3A%2F%2Fexample.com%2Fcat.jpg',
  'https://example.com/C:/cat.jpg',
  'a.png.example.com',
])('%s is a URL', (text) => expect(messageOf(text)).toMatch(/^https:/));

test('localhost has a sentence of its own, and the local server names the setting that allows it', async () => {
  const reasonOf = (url: string, policy = {}) =>
    resolvePublicIps(new URL(url), { allowedNetworks: [], ...policy }, new AbortController().signal).catch(
      ({ code, message }) => `${code} ${message}`,
    );
  for (const host of [
    'localhost',
    'localhost:8080',
    'a.localhost',
    '127.0.0.1',
    '127.1.2.3:8080',
    '[::1]',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
  ]) {
    const deployed = `${await reasonOf(`http://${host}/`)}`;
    expect(deployed).toMatch(/^SOURCE_FORBIDDEN This URL may not be fetched: /);
    expect(deployed).toMatch(/localhost/);
    expect(deployed).not.toContain('SOURCE_ALLOWED_NETWORKS');
  }
  expect(await reasonOf('http://localhost:8080/', { localSamplesPrefix: 'http://127.0.0.1:3000/samples/' })).toBe(
    'SOURCE_FORBIDDEN This URL may not be fetched: its host is localhost. To allow it, start this server with SOURCE_ALLOWED_NETWORKS=127.0.0.0/8,::1/128.',
  );
  expect(await reasonOf('http://10.0.0.1/')).toMatch(/private or reserved IP address/);
});
