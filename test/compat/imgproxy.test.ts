import { describe, expect, test } from 'vitest';
import { findSigner } from '../../src/compat/dialects.ts';
import { read, sourceOf } from './read.ts';

const PLAIN = 'plain/https://example.com/cat.jpg';
const query = (options: string) => read('imgproxy', `/unsafe/${options}/${PLAIN}`);

describe('options', () => {
  test.each([
    // Without `el:1` nothing is larger than its source.
    ['rs:fit:300:200', 'w=300&h=200&we=1'],
    ['resize:fit:300:200:1', 'w=300&h=200'],
    ['rs:fill:300:400:0/g:sm', 'w=300&h=400&fit=cover&a=attention&we=1'],
    ['rs:fill:300:400/el:true', 'w=300&h=400&fit=cover'],
    ['rs:fill-down:300:400', 'w=300&h=400&fit=cover&we=1'],
    ['rs:force:300:200', 'w=300&h=200&fit=fill&we=1'],
    ['rt:force/w:300', 'w=300&fit=fill&we=1'],
    ['rs:fit:300:200:0:1', 'w=300&h=200&fit=contain&we=1'],
    ['s:300:200/ex:1:nowe', 'w=300&h=200&fit=contain&a=top-left&we=1'],
    ['s:300:200/exar:1', 'w=300&h=200&fit=contain&we=1'],
    // A box without one of its sides is neither filled nor padded.
    ['rs:fill:300:0/g:no', 'w=300&we=1'],
    ['w:300', 'w=300&we=1'],
    ['h:200/dpr:2', 'h=200&we=1&dpr=2'],
    ['rs:fill:300:200/g:soea', 'w=300&h=200&fit=cover&a=bottom-right&we=1'],
    ['rs:fill:300:200/g:fp:0.5:0.3', 'w=300&h=200&fit=cover&fpx=0.5&fpy=0.3&we=1'],
    ['rs:fill:300:200/g:ce:0:0', 'w=300&h=200&fit=cover&we=1'],
    ['rs:fit:300:200/g:fp:0.5:0.3', 'w=300&h=200&we=1'],
    ['w:300/q:75/mb:20000', 'w=300&we=1&q=75&mb=20000'],
    ['w:300/q:0/bl:0/sh:0/wm:0', 'w=300&we=1'],
    ['w:300/wm:0.5:soea:10:20:0.2', 'w=300&we=1&mark=watermark&mpos=bottom-right&malpha=0.5&mx=10&my=20&mscale=0.2'],
    ['w:300/wm:1', 'w=300&we=1&mark=watermark&mpos=center'],
    ['w:300/wm:0.3:re:0:5/dpr:2', 'w=300&we=1&dpr=2&mark=watermark&mpos=tile&malpha=0.3&mx=0&my=10'],
    ['w:300/watermark:1:ce/wm:0', 'w=300&we=1'],
    ['w:300/bl:5/sh:0.7', 'w=300&we=1&blur=5&sharp=0.7'],
    ['w:300/f:jpeg', 'w=300&we=1&f=jpg'],
    ['w:300/ext:best', 'w=300&we=1&f=auto'],
    ['w:300/t:10:00ff00', 'w=300&we=1&trim=10&tbg=00ff00'],
    ['w:300/t:10:FF00FF', 'w=300&we=1&trim=10'],
    ['w:300/rot:90/fl:1:0', 'w=300&we=1&ro=90&flop=1'],
    ['w:300/fl::true', 'w=300&we=1&flip=1'],
    ['w:300/bg:255:0:16', 'w=300&we=1&bg=ffff0010'],
    ['w:300/bg:f00', 'w=300&we=1&bg=f00'],
    ['w:300/pd:10:20', 'w=300&we=1&pad=10,20'],
    ['w:300/sm:0', 'w=300&we=1&meta=keep'],
    ['w:300/sm:1/kcr:1', 'w=300&we=1&meta=copyright'],
    ['w:300/ar:1/scp:1/eth:1', 'w=300&we=1'],
    ['w:300/att:1/fn:cat', 'w=300&we=1&dl=1&filename=cat'],
    ['w:300/fn:Y2F0:1', 'w=300&we=1&filename=cat'],
    ['w:300/cb:2024-01-01', 'w=300&we=1&v=2024-01-01'],
    ['w:300/exp:4000000000', 'w=300&we=1&exp=4000000000'],
    ['w:300/da:1/pg:2/sa:1.5', 'w=300&we=1&n=1&page=2&sat=1.5'],
    ['pr:thumb', 'p=thumb'],
    ['pr:sharp/rs:fill:300:400:0/g:sm', 'w=300&h=400&fit=cover&a=attention&we=1&p=sharp'],
    ['w:100/w:300', 'w=300&we=1'],
    ['q:75', 'w=100%&q=75'],
    // Some proxies encode the colons.
    ['rs%3Afit%3A300%3A200', 'w=300&h=200&we=1'],
  ])('%s → %s', (options, expected) => expect(query(options)).toBe(expected));

  test('a source without options is shown at its own size', () =>
    expect(read('imgproxy', `/_/${PLAIN}`)).toBe('w=100%'));

  test.each([
    ['c:100:50', 'cx=center&cy=center&cw=100&ch=50&precrop=1'],
    ['c:100:50:nowe:10:20', 'cx=10&cy=20&cw=100&ch=50&precrop=1'],
    ['c:100:50:soea', 'cx=right&cy=bottom&cw=100&ch=50&precrop=1'],
    ['g:no/c:100:50', 'cx=center&cw=100&ch=50&precrop=1'],
    ['c:100:0:we', 'cw=100&precrop=1'],
    ['c:0.5:0.25', 'cx=center&cy=center&cw=50%&ch=25%&precrop=1'],
    ['c:0.5:0.5:fp:0.3:0.9', 'cx=5%&cy=50%&cw=50%&ch=50%&precrop=1'],
    ['c:0.5:0.5:soea:0.1:0.2', 'cx=40%&cy=30%&cw=50%&ch=50%&precrop=1'],
    ['c:0:0', 'w=100%'],
    ['c:500:500/w:300', 'w=300&we=1&cx=center&cy=center&cw=500&ch=500&precrop=1'],
  ])('the crop %s → %s', (options, expected) => expect(query(options)).toBe(expected));

  test.each([
    'rs:auto:300:200',
    'w:300/wm:0.5:ch',
    'w:300/wm:0.5:constructor',
    'w:300/pd:10::20',
    'w:300/pix:5',
    'w:300/f:jxl',
    'w:300/raw:1',
    'w:300/ar:0',
    'rs:fill:300:200/g:no:0:10',
    'rs:fill:300:200/g:obj:face',
    'c:100:100:sm',
    'c:100:100:fp:0.5:0.5',
    'w:300/t:10::1',
    'w:300/constructor:1',
  ])('%s has no counterpart', (options) => expect(query(options)).toMatch(/^imgproxy: .*no counterpart$/));

  test('the message names the option', () => {
    expect(query('w:300/wm:0.5:<b>')).toBe('imgproxy: wm:0.5:?b? has no counterpart');
    expect(query('w:300/pr:a:b')).toBe('imgproxy: pr:a:b: pixgate takes one preset');
  });
});

describe('sources', () => {
  test.each([
    ['/_/w:1/plain/http://example.com/images/curiosity.jpg@png', 'http://example.com/images/curiosity.jpg'],
    ['/_/w:1/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png', 'http://example.com/images/curiosity.jpg'],
    ['/_/w:1/aHR0cDovL2V4YW1wbGUuY29tLw==', 'http://example.com/'],
    ['/_/w:1/plain/http%3A%2F%2Fexample.com%2Fa%2520b.jpg%3Fx%3D1%40', 'http://example.com/a%20b.jpg?x=1@'],
    ['/_/w:1/plain/http:/example.com/a.jpg', 'http://example.com/a.jpg'],
    ['/_/w:1/plain/local:///a/b.jpg', '/a/b.jpg'],
    ['/_/w:1/plain/a/b.jpg', '/a/b.jpg'],
    ['/_/w:1/plain/s3://photos/a.jpg', 's3://photos/a.jpg'],
    ['/_/w:1/plain/shop:a.jpg', 'shop:a.jpg'],
    ['/_/w:1/plain/http://example.com/plain/a.jpg', 'http://example.com/plain/a.jpg'],
  ])('%s', (url, source) => expect(sourceOf('imgproxy', url)).toBe(source));

  test('the extension is the format', () => {
    expect(read('imgproxy', `/_/w:300/f:png/${PLAIN}@webp`)).toBe('w=300&we=1&f=webp');
    expect(read('imgproxy', '/_/w:300/aHR0cDovL2V4YW1wbGUuY29tLw.avif')).toBe('w=300&we=1&f=avif');
  });

  test.each([
    ['/_/w:1/plain/http://example.com/a@2x.jpg@png', 'more than one @'],
    ['/_/w:1/enc/abc', 'an encrypted source has no counterpart'],
    ['/_/w:1/~~~', 'not base64'],
    ['/_/w:1/_w', 'not base64'],
    ['/_/w:1/plain/%ff', 'not percent-encoded'],
    ['/_/w:1/plain/@png', 'the source is empty'],
    [`/_/w:1/${PLAIN}?x=1`, 'x is not a parameter'],
  ])('%s: %s', (url, problem) => expect(read('imgproxy', url)).toContain(problem));

  test.each([
    '/',
    '/cat.jpg',
    '/a/cat.jpg',
    '/w:300/plain',
    '/_/300x200/cat.jpg',
    '/unsafe/300x200/smart/example.com/cat.jpg',
  ])('%s is not of imgproxy', (url) => expect(read('imgproxy', url)).toBeUndefined());
});

describe('signatures', () => {
  const pair = { key: Buffer.from('736563726574', 'hex'), salt: Buffer.from('68656C6C6F', 'hex') };
  const other = { key: Buffer.from('00'.repeat(32), 'hex'), salt: Buffer.from('01', 'hex') };
  const SIGNED =
    '/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png';

  test('the documented URL is valid', () => {
    expect(findSigner(SIGNED, [other, pair])).toBe(1);
    expect(findSigner(SIGNED.replaceAll(':', '%3A'), [pair])).toBe(0);
  });

  test.each([
    SIGNED.replace('300', '301'),
    SIGNED.replace('/oK', '/oL'),
    // Another spelling of the last digit, whose lower bits are not part of the signature.
    SIGNED.replace('XH8/', 'XH9/'),
    SIGNED.replace('_r', '/r'),
    SIGNED.replace('/oK', '/ oK'),
    SIGNED.replace(/^\/[^/]+/, '/unsafe'),
    SIGNED.replace(/^\/[^/]+/, '/'),
    SIGNED.replace(/^\/[^/]+/, ''),
    `${SIGNED}x`,
    '/',
    '',
  ])('%s is not', (path) => expect(findSigner(path, [other, pair])).toBe(-1));
});
