/**
 * The queries of wsrv.nl's own tests, of its documentation, and of the modules of unpic and Nuxt Image for it: each is valid here,
 * and its output has the size that is expected there.
 */
import { expect, test } from 'vitest';
import { readUrl } from '../../src/compat/dialects.ts';
import { resolveConfig } from '../../src/config.ts';
import { candidateFormats } from '../../src/image/negotiate.ts';
import { plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import { compileQuery } from '../../src/middlewares/validate-query.ts';
import type { ImageOptions } from '../../src/options.ts';
import { queryRules } from '../../src/query-rules.ts';

const config = resolveConfig({});
const validateQuery = compileQuery(queryRules(config, new Map()));

/** Sources by the size that the tests have them in. */
const source = (size: string, more: Partial<SourceInfo> = {}): SourceInfo => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const facts = { decodedFrom: 'file', hasAlpha: false, pages: 1, orientation: 1, channels: 3, scans: 1 } as const;
  return { format: 'jpeg', width, height, ...facts, ...more };
};
const PHOTO = source('2725x2225');
const ALPHA = source('2048x1536', { format: 'png', hasAlpha: true, channels: 4 });
const SMALL = source('320x240', { format: 'png', hasAlpha: true, channels: 4 });
const GIF = source('930x1050', { format: 'gif', pages: 8, hasAlpha: true, channels: 4 });

/** Returns the options of a URL of wsrv.nl, as the handler has them. */
function optionsOf(search: string): ImageOptions {
  const query = [...new URLSearchParams(search)].map(([name, value]) => ({ name, value }));
  const read = readUrl(['wsrv'], { path: '/', query, search });
  expect(read?.problem).toBeUndefined();
  const { values, errors } = validateQuery(Object.entries(read?.query ?? {}).map(([name, value]) => ({ name, value })));
  expect(errors).toEqual([]);
  return values as unknown as ImageOptions;
}

function sizeOf(info: SourceInfo, search: string): string {
  const options = optionsOf(`url=example.com/a.jpg&${search}`);
  const formats = candidateFormats(options.f === 'json' ? 'auto' : options.f, info.format, undefined, false);
  const { width, height } = plan(info, options, formats, config);
  return `${width}x${height}`;
}

test.each<[SourceInfo, string, string]>([
  [PHOTO, 'w=200', '200x163'],
  [PHOTO, 'w=320&h=240', '294x240'],
  [PHOTO, 'w=160&h=120&dpr=2', '294x240'],
  [PHOTO, 'w=3000&fit=inside&we=false', '3000x2450'],
  [PHOTO, 'w=320&h=240&t=fit', '294x240'],
  [PHOTO, 'w=3000&t=fitup', '3000x2450'],
  [PHOTO, 'w=320&fsol=0', '320x261'],
  [PHOTO, 'h=320&fsol=0', '392x320'],
  [PHOTO, 'w=320&h=100000000', '320x261'],
  [PHOTO, '', '2725x2225'],
  [PHOTO, 'w=320&h=240&fit=cover', '320x240'],
  [PHOTO, 'w=123&h=100&fit=cover&we=true', '123x100'],
  [PHOTO, 'w=3000', '3000x2450'],
  [PHOTO, 'w=2800&fit=cover&we=true', '2725x2225'],
  [PHOTO, 'w=320&h=240&t=square', '320x240'],
  [PHOTO, 'w=2800&t=squaredown', '2725x2225'],
  [PHOTO, 'w=320&h=320', '320x261'],
  [PHOTO, 'w=320&h=320&fit=fill', '320x320'],
  [PHOTO, 'w=320&fit=fill', '320x2225'],
  [PHOTO, 'h=320&fit=fill', '2725x320'],
  [PHOTO, 'w=3000&h=3000&fit=fill', '3000x3000'],
  [PHOTO, 'w=3000&fit=fill', '3000x2225'],
  [PHOTO, 'h=3000&fit=fill', '2725x3000'],
  [PHOTO, 'w=320&h=3000&fit=fill', '320x3000'],
  [PHOTO, 'w=3000&h=320&fit=fill', '3000x320'],
  [PHOTO, 'fit=fill', '2725x2225'],
  [PHOTO, 'w=320&h=320&t=absolute', '320x320'],
  [PHOTO, 'w=2', '2x2'],
  [source('4096x15'), 'w=2', '2x1'],
  [source('15x4096'), 'h=2', '1x2'],
  [source('15x4096'), 'h=5', '1x5'],
  [PHOTO, 'cx=2&cy=2&cw=20&ch=20', '20x20'],
  [source('2809x2074', { format: 'png' }), 'cx=200&cy=300&cw=400&ch=200', '400x200'],
  [PHOTO, 'crop=20,20,2,2', '20x20'],
  [PHOTO, 'cx=10&cy=10&cw=10&ch=500&w=100&h=100&fit=cover&precrop', '100x100'],
  [PHOTO, 'w=500&h=500&fit=cover&a=top&cx=10&cy=10&cw=100&ch=100', '100x100'],
  [source('480x400'), 'ro=90&cx=20&cy=10&cw=280&ch=380', '280x380'],
  [PHOTO, 'cx=2405&cy=1985&cw=30000&ch=30000', '320x240'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=10&cy=10&cw=-10&ch=10', '310x10'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=10&cy=10&cw=10&ch=-10', '10x230'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=10&cy=10&cw=50%&ch=100%', '160x230'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=10&cy=10&cw=100%&ch=50%', '310x120'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=10&cy=10&cw=50%25&ch=100%25', '160x230'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=10&cy=10&cw=200%&ch=', '310x230'],
  [PHOTO, 'w=320&h=240&fit=cover&cx=3000&cy=10&cw=10&ch=10', '10x10'],
  [GIF, 'n=-1&cx=240&cw=510', '510x1050'],
  [source('2464x3248', { format: 'tiff' }), 'w=240&h=320&fit=contain&cbg=white', '240x320'],
  [source('960x660', { format: 'tiff' }), 'w=64&h=128&fit=contain&cbg=80FF6600&output=png', '64x128'],
  [PHOTO, 'w=320&h=240&fit=contain&cbg=white', '320x240'],
  [ALPHA, 'w=50&h=50&fit=contain&cbg=white', '50x50'],
  [SMALL, 'w=32&h=16&fit=contain', '32x16'],
  [source('2x2', { format: 'png' }), 'w=320&h=240&fit=contain&cbg=black', '320x240'],
  [source('2x2', { format: 'png' }), 'w=320&h=240&fit=contain&a=focal&fpx=0&cbg=black', '320x240'],
  [PHOTO, 'w=320&h=320&t=letterbox', '320x320'],
  [PHOTO, 'w=320&h=261&fit=contain', '320x261'],
  [GIF, 'n=-1&w=400&h=300&fit=contain', '400x300'],
  [GIF, 'n=-1&w=300&h=400&fit=contain', '300x400'],
  [GIF, 'fit=contain&n=-1&w=900&h=955&output=json', '900x955'],
  [GIF, 'n=-1&w=300&h=300&fit=cover', '300x300'],
  [GIF, 'n=-1&w=300&h=300&fit=cover&output=gif', '300x300'],
  [source('600x450', { orientation: 8 }), 'w=320&h=240&fit=fill', '320x240'],
  [PHOTO, 'w=320&h=240&fit=fill&ro=270', '240x320'],
  [GIF, 'n=-1&ro=90', '1050x930'],
  [PHOTO, 'w=320&ro=30&rbg=80FF0000', '408x386'],
  [PHOTO, 'w=320&ro=30&rbg=FF0000', '408x386'],
  [PHOTO, 'w=320&h=240&fit=cover&ro=30&output=jpg', '397x368'],
  [PHOTO, 'w=240&h=240&fit=fill&ro=315&output=jpg', '339x339'],
  [PHOTO, 'w=320&h=240&fit=fill&ro=30&output=jpg', '397x368'],
  [SMALL, 'ro=-3750', '397x368'],
  [SMALL, 'ro=-510', '397x368'],
  [SMALL, 'ro=-150', '397x368'],
  [SMALL, 'ro=30', '397x368'],
  [SMALL, 'ro=390', '397x368'],
  [SMALL, 'ro=3630', '397x368'],
  [SMALL, 'ro=-3690', '240x320'],
  [SMALL, 'ro=-450', '240x320'],
  [SMALL, 'ro=-90', '240x320'],
  [SMALL, 'ro=90', '240x320'],
  [SMALL, 'ro=450', '240x320'],
  [SMALL, 'ro=3690', '240x320'],
  [SMALL, 'ro=-3780', '320x240'],
  [SMALL, 'ro=-540', '320x240'],
  [SMALL, 'ro=0', '320x240'],
  [SMALL, 'ro=180', '320x240'],
  [SMALL, 'ro=540', '320x240'],
  [SMALL, 'ro=3780', '320x240'],
  [PHOTO, 'w=320&h=240&fit=cover&mask=circle&mtrim=true', '240x240'],
  [PHOTO, 'w=320&h=240&fit=cover&mask=circle', '320x240'],
  [source('258x222'), 'gam=true&q=95', '258x222'],
  [source('258x222'), 'gam=3&q=95', '258x222'],
  [PHOTO, 'w=80&h=320&fit=cover&a=entropy', '80x320'],
  [PHOTO, 'w=80&h=320&fit=cover&a=attention', '80x320'],
  [PHOTO, 'w=320&h=80&fit=cover&a=top-left', '320x80'],
  [PHOTO, 'w=80&h=320&fit=cover&a=', '80x320'],
  [PHOTO, 'w=80&h=320&fit=cover&a=center', '80x320'],
  [PHOTO, 'w=320&h=80&fit=cover&a=t', '320x80'],
  [PHOTO, 'w=80&h=320&fit=cover&a=l', '80x320'],
  [PHOTO, 'w=80&h=320&fit=cover&a=r', '80x320'],
  [PHOTO, 'w=320&h=80&fit=cover&a=b', '320x80'],
  [PHOTO, 'w=320&h=80&fit=cover&a=focal&fpx=0&fpy=0', '320x80'],
  [PHOTO, 'w=80&h=320&fit=cover&a=focal', '80x320'],
  [PHOTO, 'w=80&h=320&fit=cover&a=focal&fpx=1&fpy=0.5', '80x320'],
  [PHOTO, 'w=320&h=80&fit=cover&a=focal-50-0', '320x80'],
  [PHOTO, 'w=80&h=320&fit=cover&a=crop-100-50', '80x320'],
  [PHOTO, 'w=320&h=80&fit=cover&a=crop-50-100', '320x80'],
  [source('80x60'), 'w=40&h=20&fit=cover&ro=90', '30x20'],
  [source('80x60'), 'w=30&h=30&fit=cover&ro=90', '30x30'],
  [source('60x80'), 'w=30&fit=cover&ro=270', '30x30'],
  [source('80x60'), 'w=40&h=20&ro=90', '20x27'],
])('%o %s is %s', (info, query, expected) => expect(sizeOf(info, query)).toBe(expected));

test.each([
  ['w=300', '300x200'],
  ['h=300', '450x300'],
  ['h=144&dpr=2', '432x288'],
  ['w=300&h=300&fit=inside', '300x200'],
  ['w=300&h=300&fit=outside', '450x300'],
  ['w=300&h=300&fit=cover', '300x300'],
  ['w=300&h=300&fit=fill', '300x300'],
  ['w=300&h=300&fit=contain&cbg=black', '300x300'],
  ['w=300&h=300&fit=inside&we', '300x200'],
  ['w=300&h=300&fit=cover&a=top', '300x300'],
  ['w=300&h=300&fit=cover&a=focal&fpy=0.45', '300x300'],
  ['w=300&h=300&fit=cover&a=attention', '300x300'],
  ['cx=680&cy=500&cw=300&ch=300', '300x300'],
  ['w=300&h=300&fit=cover&mask=circle&mtrim', '300x300'],
  ['w=300&h=300&fit=cover&mask=ellipse&mbg=red', '300x300'],
  ['h=300&flip', '450x300'],
  ['h=300&flop', '450x300'],
  ['h=300&ro=45&rbg=red', '530x530'],
  ['w=300&blur=5', '300x200'],
  ['w=300&con=25', '300x200'],
  ['w=300&gam=3', '300x200'],
  ['w=300&mod=2', '300x200'],
  ['w=300&sat=0.5', '300x200'],
  ['w=300&hue=90', '300x200'],
  ['w=300&sharp=3', '300x200'],
  ['w=300&tint=red', '300x200'],
  ['w=300&h=300&fit=cover&a=focal&fpx=0.6&filt=duotone&start=C83658&stop=D8E74F', '300x300'],
  ['w=300&filt=greyscale', '300x200'],
  ['w=300&filt=sepia', '300x200'],
  ['w=300&filt=negate', '300x200'],
  ['w=300&bg=blue', '300x200'],
  ['w=100&maxage=31d', '100x67'],
  ['w=300&q=20', '300x200'],
  ['w=300&output=gif&n=-1', '300x200'],
  ['w=300&il', '300x200'],
  ['w=300&l=0&af&output=png', '300x200'],
  ['w=300&output=webp&ll', '300x200'],
  ['crop=100,100,720,530&encoding=base64', '100x100'],
  ['w=300&page=1', '300x200'],
  ['output=json', '1200x800'],
  ['w=300&trim=10', '300x200'],
  ['w=300&filename=lichtenstein', '300x200'],
])('of the documentation: %s is %s', (query, expected) => expect(sizeOf(source('1200x800'), query)).toBe(expected));

// As the migration guide says: a box that the source cannot fill keeps its aspect ratio, where wsrv.nl has 2725x2225.
test('cover without upscaling', () => expect(sizeOf(PHOTO, 'w=3000&h=3000&fit=cover&we=true')).toBe('2225x2225'));

// Effects, colours, formats and names: valid, and of no influence on the size.
test.each(
  `
encoding=base64
default=wsrv.nl/lichtenstein.jpg
errorredirect=wsrv.nl/lichtenstein.jpg
default=1
filename=pixel
filename=flip
filename=200
filename=test.png&we
v=<UNIX_EPOCH>
bg=ABC
bg=%23ABC
bg=3ABC
bg=%233ABC
bg=11FF33
bg=%2311FF33
bg=3311FF33
bg=%233311FF33
bg=black
bg=ZXCZXCMM
bg=0123456X
bg=01
bg=01234
bg=012345678
bg=unknown
bg=
bg=white
bg=darkorange
bg=80FF8C00
bg=0FFF
filt=greyscale&bg=darkorange
blur=1&bg=darkorange
blur=1
blur=10
blur=0.3
blur=true
blur=300
bri=30
bri=-30
bri=100000000
con=30
con=-30
con=100000000
filt=greyscale
filt=sepia
filt=duotone
filt=duotone&start=C83658&stop=D8E74F
filt=negate
filt=none
gam=100000000
mask=circle
mask=ellipse
mask=triangle
mask=triangle-180
mask=pentagon
mask=pentagon-180
mask=hexagon
mask=square
mask=star
mask=star&mbg=red
mask=heart
mask=none
hue=-240
mod=2
mod=0.5
sat=0.5
mod=2,0.5,180
mod=-1,-1,-1,-1
sharp=6
sharp=1.5&sharpf=0.5&sharpj=2.5
sharp=3.5&sharpf=2&sharpj=4
sharp=5&sharpf=4&sharpj=8
sharp=true
sharp=0.5,2.5,1.5
sharp=-1,-1,-1,-1
output=jpg
output=webp
output=avif
output=tiff
output=gif
output=png
output=json
output=origin
page=-1
page=-2
page=1
page=6
q=75
q=95
l=3
l=9
af=true
af=false
n=-1&loop=1&output=json
n=-1&delay=200&output=json
n=-1&delay=100,200,300
tint=FF0000
tint=00FF00
tint=0000FF
tint=704214
trim=25
trim=10
trim=200
maxage=31d
maxage=1w
maxage=1h
maxage=2y
il&ll
flip&flop
filename=200&we&mask=circle&filt=sepia&output=webp
mod=1.5&sat=2&hue=90&con=20&gam=2&flop=&ro=0&mtrim&mbg=fff
`
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean),
)('%s', (query) => expect(sizeOf(PHOTO, `w=320&h=240&fit=cover&${query}`)).toBe('320x240'));

test.each([
  'url=example.com/image.jpg',
  'url=example.com/image.jpg&w=300&h=200&q=85&output=webp&fit=cover',
  'url=example.com/image.jpg&w=300&fit=cover',
  'url=example.com/image.jpg&w=300&dpr=2&blur=5&fit=cover',
  'url=wsrv.nl/lichtenstein.jpg',
  'url=ssl:wsrv.nl/lichtenstein.jpg&w=300',
  'url=//wsrv.nl/lichtenstein.jpg&w=300',
  'url=https%3A%2F%2Fpicsum.photos%2F200&filename=200&we&output=webp',
  'filename=test.png&we&w=200&h=200&fit=contain&output=jpg&url=https%3A%2F%2Fmy-website.com%2Ftest.png',
  'url=example.org/noimage.jpg&default=ssl:wsrv.nl%2F%3Furl%3Dwsrv.nl/lichtenstein.jpg%26w%3D300',
  'url=wsrv.nl/lichtenstein.jpg&crop=100,100,720,530&encoding=base64',
  'url=wsrv.nl/lichtenstein.jpg&w=100&maxage=31d',
  'url=wsrv.nl/lichtenstein.jpg&output=json',
])('%s', (search) => expect(optionsOf(search).u).toMatch(/^https:\/\//));
