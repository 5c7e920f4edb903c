import { expect, test } from 'vitest';
import { read, sourceOf } from './read.ts';

const SOURCE = '/uploads/avatar1.jpg';
const query = (options: string) => read('cloudflare', `/cdn-cgi/image/${options}${SOURCE}`);

test.each([
  // Never larger than the source, unless `fit` says so.
  ['width=80,quality=75', 'we=1&w=80&q=75'],
  ['w=80,h=60,f=auto,q=75', 'we=1&w=80&h=60&f=auto&q=75'],
  ['fit=contain,width=200,height=100', 'w=200&h=100'],
  ['fit=cover,width=200,height=100,g=left', 'w=200&h=100&fit=cover&a=left'],
  ['fit=cover,width=200,height=100,gravity=0.5x0.2', 'w=200&h=100&fit=cover&fpx=0.5&fpy=0.2'],
  ['fit=crop,width=200,height=100,gravity=auto', 'we=1&w=200&h=100&fit=cover&a=attention'],
  // Without both sides nothing is cropped or padded.
  ['fit=crop,width=200,gravity=auto', 'we=1&w=200'],
  ['fit=pad,width=200,height=100', 'w=200&h=100&fit=contain&cbg=fff'],
  ['fit=pad,width=200,height=100,background=%23ff000080', 'w=200&h=100&bg=80ff0000&fit=contain'],
  ['fit=squeeze,width=200,height=100', 'w=200&h=100&fit=fill'],
  ['width=300,dpr=2,anim=false,onerror=redirect', 'we=1&w=300&dpr=2&n=1'],
  ['width=300,quality=medium-high,format=baseline-jpeg', 'we=1&w=300&q=75&f=jpg'],
  ['width=300,blur=50,sharpen=3,brightness=0.5,contrast=1,saturation=0', 'we=1&w=300&blur=50&sharp=3&mod=0.5&sat=0'],
  ['width=300,gamma=0.5', 'we=1&w=300&gam=2'],
  ['width=300,rotate=90,flip=hv,metadata=copyright', 'we=1&w=300&ro=90&flop=1&flip=1&meta=copyright'],
  ['width=300,background=rgb(240 40 145)', 'we=1&w=300&bg=fff02891'],
  ['width=300,background=rgba(0%2C0%2C0%2C0.5),q=9', 'we=1&w=300&bg=80000000&q=9'],
  ['width=300%2Cq=9', 'we=1&w=300&q=9'],
  ['trim=20;0;0;30,width=300', 'we=1&cx=30&cy=20&precrop=1&w=300'],
  ['trim.left=5,trim.width=50', 'we=1&cx=5&precrop=1&cw=50'],
  ['trim=border', 'w=100%&we=1&trim=10'],
  ['width=80,width=90', 'we=1&w=90'],
])('%s → %s', (options, expected) => expect(query(options)).toBe(expected));

test.each([
  ['width=auto', 'width=auto'],
  ['gravity=face,width=80', 'gravity=face'],
  ['trim=20;30;20;0', 'trim=20;30;20;0'],
  ['contrast=2', 'contrast=2'],
  ['gamma=2', 'gamma=2'],
  ['format=jxl', 'the format jxl'],
  ['segment=foreground', 'segment'],
  ['fit=constructor', 'fit=constructor'],
  ['__proto__=1', '__proto__'],
])('%s has no counterpart', (options, part) => expect(query(options)).toBe(`cloudflare: ${part} has no counterpart`));

test.each([
  ['/cdn-cgi/image/width=80/uploads/a%20b.jpg', '/uploads/a%20b.jpg'],
  ['/cdn-cgi/image/width=80/https://example.com/a%2Fb.jpg', 'https://example.com/a%2Fb.jpg'],
  ['/cdn-cgi/image/width=80/https:/example.com/a.jpg', 'https://example.com/a.jpg'],
  ['/cdn-cgi/image/width=80/https%3A%2F%2Fexample.com%2Fa.jpg', 'https%3A%2F%2Fexample.com%2Fa.jpg'],
  ['/cdn-cgi/image/width=80/https://example.com/a.jpg?x=1&y=%20z', 'https://example.com/a.jpg?x=1&y=%20z'],
])('the source of %s is %s', (url, source) => expect(sourceOf('cloudflare', url)).toBe(source));

test.each(['/cdn-cgi/image/width=80', '/cdn-cgi/image/', '/cdn-cgi/image//a.jpg'])('%s has no source', (url) =>
  expect(read('cloudflare', url)).toBe('cloudflare: the path needs options and a source'),
);
