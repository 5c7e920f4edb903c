import { describe, expect, test } from 'vitest';
import { bucketsOf, isBelowBase, parseSource, parseSourceBase } from '../../src/fetch/source-bases.ts';
import { parseSourceUrl } from '../../src/fetch/source-url.ts';

const bases = [
  'shop=https://cdn.shop.example/images/',
  'raw=s3://photos/raw',
  'all=s3://photos',
  'default=http://a.example:8080',
].map(parseSourceBase);

test.each([
  ['shop:cat.jpg', 'https://cdn.shop.example/images/cat.jpg'],
  ['shop:/cat.jpg', 'https://cdn.shop.example/images/cat.jpg'],
  ['SHOP:cat.jpg', 'https://cdn.shop.example/images/cat.jpg'],
  [' shop:a b/ü.jpg\n', 'https://cdn.shop.example/images/a%20b/%C3%BC.jpg'],
  ['shop:a/./b\n/c.jpg', 'https://cdn.shop.example/images/a/b/c.jpg'],
  ['shop:a%2Fb%25c+d.jpg?v=../1&x=https://y#z', 'https://cdn.shop.example/images/a%2Fb%25c+d.jpg?v=../1&x=https://y'],
  ['shop:photo:1..2...jpg', 'https://cdn.shop.example/images/photo:1..2...jpg'],
  ['shop:8080', 'https://cdn.shop.example/images/8080'],
  ['shop:caf%E9.jpg', 'https://cdn.shop.example/images/caf%E9.jpg'],
  ['raw:a b?#%.jpg', 's3://photos/raw%2Fa%20b%3F%23%25.jpg'],
  ['raw:a.jpg?versionId=x', 's3://photos/raw%2Fa.jpg?versionId=x'],
  ['all:a.jpg', 's3://photos/a.jpg'],
  ['/cat.jpg', 'http://a.example:8080/cat.jpg'],
  ['default:cat.jpg', 'http://a.example:8080/cat.jpg'],
  // Not short.
  ['//example.com/cat.jpg', 'https://example.com/cat.jpg'],
  ['example.com/cat.jpg', 'https://example.com/cat.jpg'],
  ['example.com:443/cat.jpg', 'https://example.com/cat.jpg'],
  ['https://example.com/cat.jpg', 'https://example.com/cat.jpg'],
])('%j', (text, href) => expect(parseSource(text, bases).href).toBe(href));

const TRAVERSALS = [
  '../cat.jpg',
  'a/../../cat.jpg',
  'a/..',
  '%2e%2e/cat.jpg',
  '.%2E/cat.jpg',
  '%2e%2e%2fcat.jpg',
  '..%2Fcat.jpg',
  '%252e%252e/cat.jpg',
  '..%252fcat.jpg',
  '%25252e%25252e/cat.jpg',
  '%2525252525252e/cat.jpg',
  '..\\cat.jpg',
  'a\\b.jpg',
  '..%5Ccat.jpg',
  '..%255ccat.jpg',
  '..;/cat.jpg',
  '..%3Bx=1/cat.jpg',
  '.. /cat.jpg',
  '..%20/cat.jpg',
  '.../cat.jpg',
  '.\n./cat.jpg',
  '.\t.\n/cat.jpg',
  '..%00/cat.jpg',
  'cat.jpg%00.png',
  'cat.jpg%0d%0aX: y',
  'cat.jpg%250d%250ax',
  '%c0%ae%c0%ae/cat.jpg',
  '%c0%2e/%c1%9c..',
  '%e0%80%ae%e0%80%ae/cat.jpg',
  '%u002e%u002e/cat.jpg',
  '\uff0e\uff0e/cat.jpg',
  '\u2025/cat.jpg',
  '%EF%BC%8E%EF%BC%8E/cat.jpg',
  '..\uff0fcat.jpg',
  '//evil.example/cat.jpg',
  '///evil.example/cat.jpg',
  '%2f%2fevil.example/cat.jpg',
  '/%2fevil.example/cat.jpg',
  '/%252fevil.example/cat.jpg',
  'https://evil.example/cat.jpg',
  '/https:/evil.example/cat.jpg',
  'https:%2f%2fevil.example/cat.jpg',
  'http%3A%2F%2Fevil.example/cat.jpg',
  'http%253A%252F%252Fevil.example',
  's3://other/cat.jpg',
  'file:///etc/passwd',
  '?x=1',
  '#x',
  '/',
];
describe.each(['shop', 'raw', 'default'])('below %s:', (name) => {
  test.each(TRAVERSALS)('%j is refused', (path) => {
    if (name === 'raw' && ['?x=1', '#x'].includes(path)) return;
    expect(() => parseSource(`${name}:${path}`, bases)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }));
  });
});

test('a URL in full is below a base, unless its path leads out of it', () => {
  const [shop, raw] = bases as [(typeof bases)[0], (typeof bases)[0]];
  const isBelow = (text: string, base = shop) => isBelowBase(parseSourceUrl(text), base);
  expect(isBelow('https://cdn.shop.example/images/a/cat.jpg?x=../y')).toBe(true);
  expect(isBelow('https://cdn.shop.example/images/a/../cat.jpg')).toBe(true);
  expect(isBelow('https://cdn.shop.example/images/../cat.jpg')).toBe(false);
  expect(isBelow('https://cdn.shop.example/images/%252e%252e/cat.jpg')).toBe(false);
  expect(isBelow('https://cdn.shop.example/images/..%2fcat.jpg')).toBe(false);
  expect(isBelow('https://cdn.shop.example/imagesx/cat.jpg')).toBe(false);
  expect(isBelow('http://cdn.shop.example/images/cat.jpg')).toBe(false);
  expect(isBelow('https://cdn.shop.example:444/images/cat.jpg')).toBe(false);
  expect(isBelow('s3://photos/raw/cat.jpg', raw)).toBe(true);
  expect(isBelow('s3://photos/raw/../cat.jpg', raw)).toBe(false);
  expect(isBelow('s3://photos/rawcat.jpg', raw)).toBe(false);
  expect(isBelow('https://photos/raw/cat.jpg', raw)).toBe(false);
});

test('the buckets of bases', () => expect(bucketsOf(bases)).toEqual(['photos/raw/', 'photos']));

test('without a base of that name, nothing is short', () => {
  for (const text of ['/cat.jpg', 'other:cat.jpg', 'shop:'])
    expect(() => parseSource(text, bases.slice(0, 3))).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }));
});

test.each([
  'https=https://example.com/',
  's3=https://example.com/',
  'ssl=https://example.com/',
  'data=https://example.com/',
  'localhost=https://example.com/',
  'c=https://example.com/',
  'Shop=https://example.com/',
  '1shop=https://example.com/',
  'shop.x=https://example.com/',
  'shop',
  'shop=',
  'shop=example.com',
  'shop=ftp://example.com/',
  'shop=https://user:pass@example.com/',
  'shop=https://example.com/?x=1',
  'shop=https://example.com/#x',
  'shop=https://example.com/%2e%2e%2fx/',
  'shop=https://example.com/a b/',
  'shop=s3://Bucket/x',
  'shop=s3://bucket/../x',
  'shop=s3://',
])('%s is refused', (text) => expect(() => parseSourceBase(text)).toThrow());
