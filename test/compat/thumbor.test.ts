import { describe, expect, test } from 'vitest';
import { read, sourceOf } from './read.ts';

const query = (options: string, name: 'thumbor' | 'imagor' = 'thumbor') =>
  read(name, `/unsafe/${options}/example.com/cat.jpg`);

describe('thumbor', () => {
  test.each([
    ['300x200', 'w=300&h=200&fit=cover'],
    ['300x', 'w=300'],
    ['x200', 'h=200'],
    ['0x0', 'w=100%'],
    ['300xorig', 'w=300&h=100%&fit=cover'],
    ['-300x-200/left/top/smart', 'w=300&h=200&fit=cover&a=attention&flop=1&flip=1'],
    ['300x200/right/middle', 'w=300&h=200&fit=cover&a=right'],
    ['300x200/center/bottom', 'w=300&h=200&fit=cover&a=bottom'],
    ['fit-in/300x200/filters:upscale()', 'w=300&h=200'],
    ['fit-in/300x200/filters:fill(f00,1)', 'w=300&h=200&fit=contain&cbg=f00&we=1'],
    ['fit-in/300x200/filters:fill(blur)', 'w=300&h=200&fit=contain&cbg=blur&we=1'],
    ['fit-in/300x200/filters:fill(transparent)', 'w=300&h=200&fit=contain&we=1'],
    ['trim:top-left:20/300x0', 'trim=20&w=300'],
    ['10x20:110x70', 'cx=10&cy=20&cw=100&ch=50&precrop=1'],
    ['filters:blur(7)', 'w=100%&blur=7'],
    ['filters:blur(7,2)', 'w=100%&blur=2'],
    ['filters:sharpen(2,1.0,true)', 'w=100%&sharp=1.0'],
    ['filters:saturation(-40)', 'w=100%&sat=0.6'],
    ['filters:brightness(40)', 'w=100%&bri=40'],
    ['filters:max_bytes(7500):strip_exif():autojpg()', 'w=100%&mb=7500'],
    ['filters:round_corner(30,0,0,0,1)', 'w=100%&r=30'],
    ['filters:rotate(180)', 'w=100%&ro=180'],
    ['filters:background_color(add8e6)', 'w=100%&bg=add8e6'],
    ['filters:grayscale%28%29', 'w=100%&filt=greyscale'],
  ])('%s → %s', (options, expected) => expect(query(options)).toBe(expected));

  test.each([
    'meta/300x200',
    'adaptive-fit-in/300x200',
    'trim:bottom-right',
    'filters:noise(40)',
    'filters:round_corner(20|40,0,0,0)',
    '400x100/filters:focal(146x206:279x360)',
    '300x200/left/filters:rotate(90)',
    'filters:hue(90)',
    'filters:constructor(1)',
  ])('%s has no counterpart', (options) => expect(query(options)).toMatch(/^thumbor: .* (?:has|have) no counterpart$/));

  test.each([
    ['/unsafe/300x200/https%3A%2F%2Fexample.com%2Fa%2520b.jpg%3Fx%3D1', 'https://example.com/a%20b.jpg?x=1'],
    ['/unsafe/300x200/https:/example.com/a.jpg', 'https://example.com/a.jpg'],
    ['/unsafe/300x200/path/to/my/nice/image.jpg', '/path/to/my/nice/image.jpg'],
    ['/unsafe/300x200/cat.jpg', '/cat.jpg'],
    ['/unsafe/300x200/filters:watermark(http://a/b.png)/cat.jpg', undefined],
    ['/K97LekICOXT9MbO3X1u8BBkrjbu5/300x200/cat.jpg', '/cat.jpg'],
  ])('the source of %s is %s', (url, source) => expect(sourceOf('thumbor', url)).toBe(source));

  test.each(['/300x200/cat.jpg', '/', '/unsafe/', '/adaptive-full-fit-in/300x200/cat.jpg'])(
    '%s is not of thumbor',
    (url) => expect(read('thumbor', url)).toBeUndefined(),
  );
});

test.each([
  ['0.1x0.1:0.9x0.9', 'cx=10%&cy=10%&cw=80%&ch=80%&precrop=1'],
  ['stretch/300x200', 'w=300&h=200&fit=fill'],
  ['300x200/filters:focal(0.1x0.2:0.3x0.4)', 'w=300&h=200&fit=cover&fpx=0.2&fpy=0.3'],
  ['filters:crop(0.1,0.1,0.8,0.8)', 'cx=10%&cy=10%&cw=80%&ch=80%'],
  ['filters:page(2):expire(4000000000000)', 'w=100%&page=1&exp=4000000000'],
  ['filters:round_corner(50,50,red)', 'w=100%&r=50&mbg=red'],
  ['300x200/10x10', 'imagor: 10x10 has no counterpart'],
])('imagor: %s → %s', (options, expected) => expect(query(options, 'imagor')).toBe(expected));

test('imagor: a source in base64', () =>
  expect(sourceOf('imagor', '/unsafe/300x200/b64:aHR0cHM6Ly9leGFtcGxlLmNvbS9hLmpwZw')).toBe(
    'https://example.com/a.jpg',
  ));

describe('Dynamic Image Transformation', () => {
  const encoded = (request: object) => `/${Buffer.from(JSON.stringify(request)).toString('base64')}`;
  const dit = (edits: object, more = {}) =>
    read('dit', encoded({ bucket: 'photos', key: 'a/cat.jpg', edits, ...more }));
  test.each([
    [{ resize: { width: 300, height: 200 } }, 'w=300&h=200&fit=cover'],
    [{ resize: { width: 300, height: null, fit: 'inside' }, grayscale: true, flip: false }, 'w=300&filt=greyscale'],
    [
      { resize: { width: 300, height: 200, fit: 'contain', background: { r: 255, g: 255, b: 255, alpha: 0.5 } } },
      'w=300&h=200&fit=contain&cbg=80ffffff',
    ],
    [
      { resize: { width: 300, height: 200, position: 'right top', withoutEnlargement: true } },
      'w=300&h=200&fit=cover&a=top-right&we=1',
    ],
    [{ toFormat: 'webp', webp: { quality: 60 }, rotate: null }, 'w=100%&f=webp&q=60'],
  ])('%j → %s', (edits, expected) => expect(dit(edits)).toBe(expected));

  test.each<object>([
    { smartCrop: true },
    { overlayWith: {} },
    { contentModeration: true },
    { convolve: {} },
    { constructor: 1 },
    { roundCrop: { rx: 1 } },
    { resize: { ratio: 2 } },
  ])('%j has no counterpart', (edits) => expect(dit(edits)).toMatch(/^dit: .* has no counterpart$/));

  test('sources, the format and the query', () => {
    expect(sourceOf('dit', encoded({ bucket: 'photos', key: 'a/cat.jpg' }))).toBe('s3://photos/a/cat.jpg');
    expect(sourceOf('dit', encoded({ key: 'a/cat.jpg' }))).toBe('/a/cat.jpg');
    expect(dit({}, { outputFormat: 'png' })).toBe('w=100%&f=png');
    expect(dit({}, { headers: {} })).toBe('dit: headers of the response have no counterpart');
    expect(read('dit', `${encoded({ key: 'a.jpg', edits: { resize: { width: 9 } } })}?width=20&signature=ab`)).toBe(
      'w=20',
    );
    expect(read('dit', '/fit-in/300x200/a.jpg?width=20&flop=true')).toBe('flop=1&w=20');
    expect(read('dit', '/a.jpg?expires=20240101T000000Z')).toBe('dit: expires has no counterpart');
    expect(sourceOf('dit', '/fit-in/300x200/filters:quality(75)/a/b%20c.jpg')).toBe('/a/b c.jpg');
    expect(sourceOf('dit', '/300x200/s3:photos/a.jpg')).toBe('s3://photos/a.jpg');
    // It crops what it has resized.
    expect(read('dit', '/10x20:110x70/300x200/a.jpg')).toBe('cx=10&cy=20&cw=100&ch=50&w=300&h=200&fit=cover');
  });
});
