import { expect, test } from 'vitest';
import { read, sourceOf } from './read.ts';

const query = (text: string) => read('wsrv', `/?url=wsrv.nl/lichtenstein.jpg&${text}`);

// Of its documentation: without the sizes that wsrv.nl does not need, and with the first frame, its default.
test.each([
  ['', 'w=100%&n=1'],
  ['w=300', 'w=300&n=1'],
  ['w=300&dpr=2', 'w=300&dpr=2&n=1'],
  ['w=300&h=300&fit=inside', 'w=300&h=300&fit=inside&n=1'],
  ['w=300&h=300&fit=contain&cbg=red', 'w=300&h=300&fit=contain&cbg=red&n=1'],
  ['w=300&h=300&fit=cover&a=focal&fpx=0.7&fpy=0.5', 'w=300&h=300&fit=cover&fpx=0.7&fpy=0.5&n=1'],
  ['cx=680&cy=500&cw=300&ch=300', 'cx=680&cy=500&cw=300&ch=300&n=1'],
  ['w=300&h=300&fit=cover&mask=circle&mbg=f90&mtrim', 'w=300&h=300&fit=cover&mask=circle&mbg=f90&mtrim=1&n=1'],
  ['w=300&ro=45&rbg=red', 'w=300&ro=45&rbg=red&n=1'],
  ['w=300&mod=0.9,1.5,30', 'w=300&mod=0.9&sat=1.5&hue=30&n=1'],
  ['w=300&gam', 'w=300&gam=&n=1'],
  ['w=300&sharp=5&sharpf=1&sharpj=2', 'w=300&sharp=5&sharpf=1&sharpj=2&n=1'],
  ['w=300&filt=duotone&start=C83658&stop=D8E74F', 'w=300&filt=duotone&start=c83658&stop=d8e74f&n=1'],
  ['w=300&trim=10&tbg=fff', 'w=300&trim=10&tbg=fff&n=1'],
  ['w=300&encoding=base64&il&af&l=9', 'w=300&encoding=base64&il=1&af=1&l=9&n=1'],
  ['n=-1&output=gif', 'w=100%&n=-1&f=gif'],
  ['output=json', 'f=json&explain=1&n=1'],
  ['w=300&maxage=31d&v=3', 'w=300&maxage=31d&v=3&n=1'],
  ['w=300&default=ory.weserv.nl%2Flichtenstein.jpg%3Fw%3D1', 'w=300&default=ory.weserv.nl/lichtenstein.jpg?w=1&n=1'],
])('%s → %s', (text, expected) => expect(query(text)).toBe(expected));

test.each([
  // Old names.
  ['w=9&h=9&t=fit', 'w=9&h=9&fit=inside&we=1&n=1'],
  ['w=9&h=9&t=fitup', 'w=9&h=9&fit=inside&n=1'],
  ['w=9&h=9&t=square&a=t', 'w=9&h=9&fit=cover&a=top&n=1'],
  ['w=9&h=9&t=squaredown&a=crop-25-75', 'w=9&h=9&fit=cover&we=1&fpx=0.25&fpy=0.75&n=1'],
  ['w=9&h=9&t=square&a=focal-10', 'w=9&h=9&fit=cover&fpx=0.1&fpy=0.5&n=1'],
  ['w=9&h=9&t=absolute', 'w=9&h=9&fit=fill&n=1'],
  ['w=9&h=9&t=letterbox', 'w=9&h=9&fit=contain&n=1'],
  ['crop=100,50,10,20', 'cw=100&ch=50&cx=10&cy=20&n=1'],
  ['w=9&shape=star&strim=true', 'w=9&mask=star&mtrim=1&n=1'],
  ['w=9&sharp=1,2,3', 'w=9&sharp=3&sharpf=1&sharpj=2&n=1'],
  ['w=9&delay=100,100', 'w=9&delay=100,100&n=1'],
  ['w=9&errorredirect=a.b%2Fc.jpg', 'w=9&default=a.b/c.jpg&n=1'],
  // Rotated after the resize.
  ['w=9&or=90', 'h=9&ro=90&n=1'],
  ['w=9&h=5&t=absolute&or=-90', 'w=5&h=9&fit=fill&ro=-90&n=1'],
  ['w=9&h=5&fit=cover&a=top&or=90', 'w=5&h=9&fit=outside&cx=center&cw=9&cy=0&ch=5&ro=90&n=1'],
  ['w=9&fit=cover&a=bottom-right&ro=630&dpr=2', 'h=9&dpr=2&fit=outside&cx=right&cw=18&ro=270&n=1'],
  ['w=9&h=5&fit=contain&ro=90', 'w=9&h=5&fit=contain&ro=90&n=1'],
  ['ro=90&cx=20&cy=10&cw=280&ch=380', 'cx=20&cy=10&cw=280&ch=380&ro=90&n=1'],
  ['ro=90&w=9&cw=5&precrop', 'w=9&cw=5&precrop=1&ro=90&n=1'],
  ['w=9&ro=180', 'w=9&ro=180&n=1'],
  // Wrong values and unknown names are ignored, and of two values the second.
  ['w=abc&q=1000&fit=no&bg=nocolour&unknown=1', 'fit=inside&w=100%&n=1'],
  ['w=0&h=-5', 'w=100%&n=1'],
  ['w=300px&w=5', 'w=300&n=1'],
  ['w=9&we=false&flip=0&flop=true&il=x', 'w=9&flop=1&il=1&n=1'],
  ['w=50%', 'w=50%&n=1'],
  ['w=50%25&h=101%', 'w=50%&n=1'],
  ['w=9&n=0', 'w=9&n=1'],
  // Without what they need.
  ['w=9&h=9&fit=contain&a=focal&fpx=0.2', 'w=9&h=9&fit=contain&fpx=0.2&n=1'],
  ['w=9&h=9&fit=cover&fpx=0.2', 'w=9&h=9&fit=cover&n=1'],
  ['w=9&h=9&fit=fill&a=focal-1-2', 'w=9&h=9&fit=fill&n=1'],
  ['w=9&precrop&cbg=red&mtrim&start=red&sharpf=2&tbg=red&rbg=red&ll&output=jpg', 'w=9&f=jpg&n=1'],
  // A name of a file is made safe; the format gives the extension.
  ['w=9&filename=my cat".jpg', 'w=9&filename=my-cat-&n=1'],
  ['w=9&filename=%0d%0aX:%20y', 'w=9&filename=-X-y&n=1'],
  ['w=9&maxage=1h', 'w=9&n=1'],
  ['w=9&maxage=9y', 'w=9&n=1'],
  ['w=9&default=1', 'w=9&n=1'],
  ['w=9&default=no url', 'w=9&n=1'],
  ['w=9&default=javascript:x()&default=a.b', 'w=9&n=1'],
  ['w=9&maxage=604800', 'w=9&maxage=604800s&n=1'],
  ['w=9&maxage=23h', 'w=9&n=1'],
  ['w=9&encoding=BASE64', 'w=9&encoding=base64&n=1'],
  ['w=9&output=origin', 'w=9&f=origin&n=1'],
  ['w=9&output=bmp', 'w=9&n=1'],
  ['w=9&output=json&ll', 'w=9&f=json&explain=1&n=1'],
  // Effects have a default for what is out of their range; 0 is none.
  ['w=9&blur=x&gam=9&sharp=-1,-1,-1,-1', 'w=9&blur=&gam=&sharp=&n=1'],
  ['w=9&blur=0&gam=0&sharp=0&bri=0', 'w=9&bri=0&n=1'],
  ['w=9&sharp=1,2', 'w=9&n=1'],
  ['w=9&trim&con=101&bri=-30', 'w=9&bri=-30&n=1'],
  ['w=9&mod=50,0.5,-400&sharp=1&sharpf=99999', 'w=9&mod=10&sat=0.5&hue=-40&sharp=1&sharpf=10000&n=1'],
  ['w=9&mod=-1,-1,-1,-1', 'w=9&hue=-1&n=1'],
  ['w=9&ro=3630&rbg=f00', 'w=9&ro=30&rbg=f00&n=1'],
  ['w=10&h=50%&dpr=0.5', 'w=5&h=25%&n=1'],
  ['w=10&dpr=0', 'w=100%&n=1'],
  ['w=9&cx=0&cy=0&precrop', 'w=9&cx=0&cy=0&n=1'],
  ['w=9&cx=0&cy=5%&precrop', 'w=9&cx=0&cy=5%&precrop=1&n=1'],
  ['w=1%&dpr=0.00001', 'w=0.0001%&n=1'],
  ['w=9&sat=0.0000001&mod=0.0000001', 'w=9&sat=0&mod=0&n=1'],
  ['w=9&h=9&fit=cover&a=focal&fpx=0.0000001', 'w=9&h=9&fit=cover&fpx=0&n=1'],
  ['w=9&dpr=9', 'w=9&n=1'],
  ['n=-1&delay=0,100,70000', 'w=100%&n=-1&delay=100,100,65535'],
  ['n=-1&delay=100,x', 'w=100%&n=-1'],
  ['cx=9&cy=9&cw=30000&ch=-1', 'w=100%&cx=9&cy=9&n=1'],
  ['w=320&h=100000000', 'w=320&n=1'],
  ['w=9&constructor=1&__proto__=2', 'w=9&n=1'],
])('%s → %s', (text, expected) =>
  expect(Object.fromEntries(new URLSearchParams(query(text)?.replaceAll('%', '%25')))).toEqual(
    Object.fromEntries(new URLSearchParams(expected.replaceAll('%', '%25'))),
  ),
);

test.each([
  'w=9&h=9&fit=cover&a=entropy&ro=90',
  'w=9&h=9&fit=cover&a=focal&fpx=0.1&ro=90',
  'w=9&h=50%&fit=cover&ro=90',
  'w=9&h=9&fit=cover&cw=5&ro=90',
])('%s has no counterpart', (text) => expect(query(text)).toMatch(/^wsrv: .* has no counterpart$/));

test.each([
  ['/?url=example.com/a+b.jpg', 'example.com/a+b.jpg'],
  ['/?url=https%3A%2F%2Fexample.com%2Fa%2520b.jpg%3Fx%3D1', 'https://example.com/a%20b.jpg?x=1'],
  ['/?url=ssl:example.com/100%.jpg', 'ssl:example.com/100%.jpg'],
  ['/?url=%20example.com/a.jpg', 'example.com/a.jpg'],
  ['/?w=1&url=a.b/1.jpg&url=a.b/2.jpg', 'a.b/1.jpg'],
])('the source of %s is %s', (url, source) => expect(sourceOf('wsrv', url)).toBe(source));

test('other paths, and requests without url, are not of wsrv.nl', () => {
  expect(read('wsrv', '/x?url=a.b/c.jpg')).toBeUndefined();
  expect(read('wsrv', '/?w=1')).toBeUndefined();
});
