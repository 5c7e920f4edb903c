import { describe, expect, test } from 'vitest';
import { matchesBucket, parseBucketPattern, s3Parts } from '../../src/fetch/s3-url.ts';
import { hostOf, matchesHost, parseHostPattern, parseRedirect, parseSourceUrl } from '../../src/fetch/source-url.ts';

describe('parseSourceUrl', () => {
  test.each([
    ['https://example.com/a%20b.jpg', 'https://example.com/a%20b.jpg'],
    ['https://example.com/a b.jpg', 'https://example.com/a%20b.jpg'],
    ['http://example.com/%2F+%25?x=[1]&y=$2&z=a+b%2B#frag', 'http://example.com/%2F+%25?x=[1]&y=$2&z=a+b%2B'],
    ['HTTP://EXAMPLE.com:80/A', 'http://example.com/A'],
    ['example.com/cat.jpg', 'https://example.com/cat.jpg'],
    ['example.com:443/cat.jpg', 'https://example.com/cat.jpg'],
    ['//example.com/cat.jpg', 'https://example.com/cat.jpg'],
    ['https%3A%2F%2Fexample.com%2Fa%2520b', 'https://example.com/a%20b'],
    ['https://example.com./a', 'https://example.com/a'],
    ['https://bücher.de/ü', 'https://xn--bcher-kva.de/%C3%BC'],
    [' https://example.com/a ', 'https://example.com/a'],
    ['\ufeffhttps://example.com/a\r\n', 'https://example.com/a'],
    ['\thttps://example.com/a', 'https://example.com/a'],
    ['https://example.com/a\nb/c\td?e\nf', 'https://example.com/ab/cd?ef'],
    ['example.com/a\nb', 'https://example.com/ab'],
    ['//example.com/a\nb', 'https://example.com/ab'],
    ['ssl:example.com/cat.jpg', 'https://example.com/cat.jpg'],
    ['SSL://example.com:444/cat.jpg', 'https://example.com:444/cat.jpg'],
    ['https://under_score.example.com/', 'https://under_score.example.com/'],
  ])('%s', (text, href) => expect(parseSourceUrl(text).href).toBe(href));

  test.each([
    '',
    'http://',
    'http:///x',
    'http:x',
    'http:/x.com/a',
    'file:///etc/passwd',
    'data:image/png;base64,AA',
    'ftp://x.com/a',
    'javascript:alert(1)',
    'http://user:secret@example.com/',
    'http://example.com%40evil.com/',
    'http://a@b@c/',
    'http://a\\@b/',
    'http:\\\\example.com',
    'http://exa\tmple.com/',
    'exa\nmple.com/',
    '//exa\nmple.com/a',
    'ht\ntp://example.com/',
    'http:\n//example.com/',
    'http://example.com\n/a',
    'ssl:',
    'ssl:user@example.com/',
    'http://example.com/\r\nX: 1',
    'http://a..b/',
    'http://-a.com/',
    'http://a;b.com/',
    'http://example.com:99999/',
    'http://example.com:80a/',
    'http://[::1',
    'http://[fe80::1%lo]/',
    'http://1.2.3.4.5/',
    'https%3A%2F%2Fx%zz',
    `https://${'a'.repeat(64)}.com/`,
    `https://example.com/${'a'.repeat(8192)}`,
    `${' '.repeat(8192)}https://example.com/`,
  ])('rejects %j, and does not repeat it', (text) => {
    expect(() => parseSourceUrl(text)).toThrowError(expect.objectContaining({ code: 'QUERY_INVALID' }));
    expect(() => parseSourceUrl(text)).not.toThrowError(/secret/);
  });

  test('the maximum length', () =>
    expect(parseSourceUrl(`https://example.com/${'a'.repeat(8172)}`).href).toHaveLength(8192));
});

/** A field value in UTF-8 as Node returns it. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1');

test.each([
  ['/b', 'https://example.com/b'],
  ['b?c', 'https://example.com/dir/b?c'],
  ['//cdn.example.net/b', 'https://cdn.example.net/b'],
  ['http://cdn.example.net/', 'http://cdn.example.net/'],
  [latin1('/café/Š.jpg?ä'), 'https://example.com/caf%C3%A9/%C5%A0.jpg?%C3%A4'],
  ['/gr\u00fcn.jpg', 'https://example.com/gr%FCn.jpg'],
  ['/caf%C3%A9', 'https://example.com/caf%C3%A9'],
  [latin1('https://bücher.de/ü'), 'https://xn--bcher-kva.de/%C3%BC'],
  ['/a\tb', 'https://example.com/ab'],
])('redirect to %s', (location, href) =>
  expect(parseRedirect(location, new URL('https://example.com/dir/a')).href).toBe(href),
);

test.each([
  'file:///etc/passwd',
  'http:\\\\127.0.0.1',
  'http://a:b@c.com/',
  'data:,x',
  'http://a.com/\u0000',
  'http://b\u00fccher.de/',
])('rejects a redirect to %j', (location) =>
  expect(() => parseRedirect(location, new URL('https://example.com/'))).toThrow(),
);

describe('s3', () => {
  test.each([
    ['s3://bucket/key.jpg', 'bucket', 'key.jpg'],
    ['s3://my.bucket-1/a b/100%+ü?#.jpg', 'my.bucket-1', 'a b/100%+ü?#.jpg'],
    ['s3://bucket/a%20b', 'bucket', 'a%20b'],
    ['s3://bucket/../x//y', 'bucket', '../x//y'],
  ])('%s', (text, bucket, key) => {
    expect(s3Parts(parseSourceUrl(text))).toEqual({ bucket, key });
    // As in the validated query.
    expect(s3Parts(new URL(parseSourceUrl(text).href))).toEqual({ bucket, key });
  });
  test.each([
    's3://',
    's3://bucket',
    's3://bucket/',
    's3://Bucket/key',
    's3://b/key',
    's3://user@bucket/key',
    's3://bucket:80/key',
  ])('rejects %s', (text) =>
    expect(() => parseSourceUrl(text)).toThrowError(expect.objectContaining({ code: 'QUERY_INVALID' })),
  );
  test('rejects a redirect to a bucket', () =>
    expect(() => parseRedirect('s3://bucket/key', new URL('https://example.com/'))).toThrow());
});

describe('versions and access points', () => {
  test.each([
    ['s3://bucket/a.jpg?versionId=3/L4kqtJ+l==', 'a.jpg', '3/L4kqtJ+l=='],
    ['s3://bucket/a.jpg?versionId=3%2FL4kqtJ%2bl', 'a.jpg', '3/L4kqtJ+l'],
    ['s3://bucket/a.jpg?versionId=1&x', 'a.jpg?versionId=1&x', undefined],
    ['s3://bucket/a.jpg?versionId=%FF', 'a.jpg?versionId=%FF', undefined],
    ['s3://bucket/a.jpg?versionId=3.L_4kq-tJl', 'a.jpg', '3.L_4kq-tJl'],
    ['s3://bucket/a?versionId=1?versionId=null', 'a?versionId=1', 'null'],
    ['s3://bucket/a.jpg?versionid=1', 'a.jpg?versionid=1', undefined],
  ])('%s', (text, key, versionId) => {
    expect(s3Parts(new URL(parseSourceUrl(text).href))).toEqual({ bucket: 'bucket', key, versionId });
  });
  test.each(['accesspoint/photos', 'accesspoint:photos'])('arn:aws:s3:eu-west-1:123456789012:%s', (resource) =>
    expect(s3Parts(parseSourceUrl(`s3://arn:aws:s3:eu-west-1:123456789012:${resource}/a/b.jpg`))).toEqual({
      bucket: 'arn:aws:s3:eu-west-1:123456789012:accesspoint/photos',
      key: 'a/b.jpg',
    }),
  );
  test.each(['arn:aws:s3:::photos', 'arn:aws:s3:eu-west-1:1:accesspoint/photos', 'arn:aws:iam::123456789012:role/x'])(
    'rejects %s',
    (arn) => expect(() => parseSourceUrl(`s3://${arn}/a.jpg`)).toThrow('s3://bucket/key'),
  );
});

describe('bucket patterns', () => {
  const matches = (url: string, pattern: string) => matchesBucket(parseSourceUrl(url), parseBucketPattern(pattern));
  const ARN = 'arn:aws:s3:eu-west-1:123456789012:accesspoint/photos';
  test.each([
    ['photos', 's3://photos/a.jpg'],
    ['photos', 's3://photos/../a.jpg'],
    ['photos/public', 's3://photos/public/a.jpg'],
    ['photos/public/', 's3://photos/public/b/a..jpg?versionId=1'],
    [ARN, `s3://${ARN}/a.jpg`],
    [`${ARN}/public`, `s3://${ARN.replace('/', ':')}/public/a.jpg`],
  ])('%s has %s', (pattern, url) => expect(matches(url, pattern)).toBe(true));
  test.each([
    ['photos', 's3://photos2/a.jpg'],
    ['photos/public', 's3://photos/a.jpg'],
    ['photos/public', 's3://photos/publicly/a.jpg'],
    ['photos/public', 's3://photos/public'],
    ['photos/public', 's3://photos/public/../a.jpg'],
    ['photos/public', 's3://photos/public/%2e%2e/a.jpg'],
    [ARN, 's3://photos/a.jpg'],
    [`${ARN}/public`, `s3://${ARN}/a.jpg`],
  ])('%s does not have %s', (pattern, url) => expect(matches(url, pattern)).toBe(false));
  test.each(['Photos', 'photos/../x', 's3://photos', '', 'arn:aws:s3:::photos'])('%j is refused', (pattern) =>
    expect(() => parseBucketPattern(pattern)).toThrow(),
  );
});

describe('host patterns', () => {
  const matches = (url: string, pattern: string) => matchesHost(new URL(url), parseHostPattern(pattern));
  test.each([
    ['https://example.com/a', 'example.com'],
    ['http://example.com:443/a', 'EXAMPLE.com'],
    ['https://a.example.com/', '*.example.com'],
    ['https://a.b.example.com/', '*.example.com'],
    ['https://xn--bcher-kva.de/', 'bücher.de'],
    ['http://example.com:8080/', 'example.com:8080'],
    ['http://10.0.0.1:9000/', '10.0.0.1:9000'],
    ['http://[fd00::1]/', '[fd00::1]'],
    ['http://example.com/', 'example.com:80'],
    ['http://example.com:80/', 'example.com:80'],
    ['https://example.com:80/', 'example.com:80'],
    ['https://example.com/', 'example.com:443'],
    ['https://a.example.com/', '*.example.com:0443'],
    ['http://[fd00::1]/', '[fd00::1]:80'],
  ])('%s matches %s', (url, pattern) => expect(matches(url, pattern)).toBe(true));
  test.each([
    ['https://evilexample.com/', 'example.com'],
    ['https://evilexample.com/', '*.example.com'],
    ['https://example.com/', '*.example.com'],
    ['https://example.com.evil.com/', 'example.com'],
    ['https://sub.example.com/', 'example.com'],
    ['https://example.com:8080/', 'example.com'],
    ['https://example.com/', 'example.com:8080'],
    ['https://example.com/', 'example.com:80'],
    ['http://example.com:8080/', 'example.com:80'],
    ['http://example.com/', 'example.com:443'],
    ['http://example.com/', 'example.com:0'],
    ['https://[fd00::80]/', '[fd00::443]:80'],
  ])('%s does not match %s', (url, pattern) => expect(matches(url, pattern)).toBe(false));
  test.each([
    '',
    '*',
    '*.',
    '*.com',
    'localhost',
    'https://example.com',
    'example.com/',
    'a@example.com',
    'example.com:x',
    '*.1.1.1.1',
    'a..com',
    'a b.com',
  ])('%j is not a pattern', (text) => expect(() => parseHostPattern(text)).toThrow());
});

test('hostOf removes the brackets of IPv6', () => {
  expect(hostOf(new URL('http://[::1]:80/'))).toBe('::1');
  expect(hostOf(new URL('http://example.com/'))).toBe('example.com');
});
