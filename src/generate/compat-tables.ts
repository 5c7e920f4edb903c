/** The tables of the migration guide: examples of other resizers' URLs, with the queries that `src/compat/` makes of them. */
import { type DialectName, readUrl } from '../compat/dialects.ts';

/** What differs between the examples of one resizer, and the rest of their URLs. */
interface Examples {
  readonly url: (example: string) => string;
  readonly examples: readonly string[];
}

const EXAMPLES: Readonly<Record<DialectName, Examples>> = {
  next: {
    url: (example) => example,
    examples: ['/_next/image?url=%2Fcat.jpg&w=640&q=75'],
  },
  cloudflare: {
    url: (options) => `/cdn-cgi/image/${options}/uploads/cat.jpg`,
    examples: [
      'width=300,height=200,quality=75',
      'w=300,dpr=2,f=webp',
      'width=300,height=200,fit=contain',
      'width=300,height=200,fit=cover,gravity=auto',
      'width=300,height=200,fit=crop,gravity=0.5x0.2',
      'width=300,height=200,fit=pad,background=%23ff0000',
      'width=300,height=200,fit=squeeze',
      'width=300,rotate=90,flip=h',
      'width=300,blur=20,sharpen=1',
      'width=300,brightness=1.2,saturation=0',
      'width=300,anim=false,metadata=copyright',
      'trim=20;0;0;30,width=300',
      'width=300,quality=high,onerror=redirect',
      'width=auto',
      'width=300,gravity=face',
    ],
  },
  ipx: {
    url: (modifiers) => `/_ipx/${modifiers}/cat.jpg`,
    examples: [
      '_',
      'w_300',
      's_300x200,f_webp,q_75',
      'fit_contain,b_ff0000,s_300x200',
      'fit_inside,s_300x200,enlarge',
      'pos_right-top,s_300x200,a',
      'extract_10_20_100_50',
      'w_300,rotate_90,flop,grayscale',
      'w_300,blur_5,sharpen_1',
      'w_300,modulate_1.2_0.5_90',
      'w_300,median_3',
    ],
  },
  wsrv: {
    url: (query) => `/?url=example.com%2Fcat.jpg&${query}`,
    examples: [
      'w=300&h=200&fit=cover',
      'output=webp&q=75',
      'w=50%&we=true',
      'w=300&h=200&t=square',
      'w=300&h=200&t=squaredown&a=crop-25-75',
      'w=300&h=200&t=letterbox',
      'w=300&h=200&t=fit',
      'crop=100,50,10,20',
      'w=300&or=90',
      'w=300&shape=circle&strim',
      'w=300&sharp=1,2,3',
      'w=300&mod=1.2,0.5,90',
      'w=300&n=-1&delay=100,100',
      'w=300&q=1000&blur=x&unknown=1',
      'w=300&filename=my%20cat.jpg&maxage=1h',
      'w=300&default=1',
      'w=300&bri=10',
      'w=300&n=-1&delay=100,200',
      'w=300&blur=0&gam=9',
      'w=300&h=200&fit=contain&a=focal&fpx=0.2',
      'w=300&h=200&fit=cover&a=top&ro=90',
      'w=300&h=200&fit=cover&a=entropy&ro=90',
      'w=300&output=origin',
      'output=json',
    ],
  },
  thumbor: {
    url: (options) => `/unsafe/${options}/example.com/cat.jpg`,
    examples: [
      '300x200',
      '300x200/left/top',
      '300x200/smart',
      '300x0',
      '-300x-200',
      'fit-in/300x200',
      'fit-in/300x200/filters:fill(red)',
      'full-fit-in/300x200',
      'trim/10x20:110x70/300x200',
      '300x200/filters:no_upscale():stretch()',
      '300x200/filters:quality(75):format(webp)',
      '300x200/filters:grayscale():blur(5)',
      '300x200/filters:rotate(90)',
      '300x200/filters:round_corner(20,255,255,255)',
      'adaptive-fit-in/300x200',
      '300x200/filters:brightness(40)',
      '300x200/filters:contrast(40)',
    ],
  },
  imagor: {
    url: (options) => `/unsafe/${options}/example.com/cat.jpg`,
    examples: [
      '0.1x0.1:0.9x0.9/300x200',
      'stretch/300x200',
      '300x200/filters:focal(0.2,0.4)',
      '300x200/filters:sharpen(2):hue(90):saturation(50)',
      '300x200/filters:attachment(cat)',
      '300x200/10x10',
    ],
  },
  dit: {
    url: (request) => (request.startsWith('{') ? `/${Buffer.from(request).toString('base64')}` : request),
    examples: [
      '/cat.jpg?width=300&height=200&fit=inside',
      '/cat.jpg?width=300&format=webp&grayscale=true',
      '/fit-in/300x200/filters:quality(75)/cat.jpg',
      '/300x200/filters:rotate(90):blur(10)/cat.jpg',
      '{"key":"cat.jpg","edits":{"resize":{"width":300},"blur":5,"sharpen":true}}',
      '{"key":"cat.jpg","edits":{"resize":{"width":300,"height":200,"fit":"contain"},"toFormat":"jpeg","jpeg":{"quality":75}}}',
      '{"key":"cat.jpg","edits":{"extract":{"left":1,"top":2,"width":30,"height":40}}}',
      '{"key":"cat.jpg","edits":{"resize":{"width":300,"height":300},"roundCrop":true}}',
      '{"key":"cat.jpg","edits":{"flatten":{"background":{"r":255,"g":0,"b":0}}}}',
      '{"key":"cat.jpg","edits":{"smartCrop":true}}',
    ],
  },
  imgproxy: {
    url: (options) => `/_/${options}/plain/https://example.com/cat.jpg`,
    examples: [
      'rs:fit:300:200',
      'rs:fill:300:200/g:sm',
      'rs:fill-down:300:200:1',
      'rs:force:300:200',
      'rs:fit:300:200:0:1',
      'rs:fill:300:200/g:soea',
      'rs:fill:300:200/g:fp:0.5:0.3',
      'c:100:100',
      'c:0.5:0.5:nowe:0.1:0.2',
      'w:300/dpr:2',
      'w:300/q:75/mb:20000',
      'w:300/f:webp',
      'w:300/bl:5/sh:0.7',
      'w:300/t:10',
      'w:300/rot:90/fl:1:0',
      'w:300/bg:255:0:0',
      'w:300/pd:10:20/bg:f00',
      'w:300/sm:0',
      'w:300/att:1/fn:cat',
      'w:300/exp:4000000000',
      'w:300/cb:2',
      'pr:thumb',
      'rs:auto:300:200',
      'w:300/wm:0.5:soea:10:10:0.2',
      'w:300/wm:1:re',
      'w:300/wm:0.5:ch',
    ],
  },
};

/** Returns the rows of the table of one resizer: a part of its URL, and the query, or why there is none. */
export function compatRows(name: DialectName): [string, string][] {
  const { url, examples } = EXAMPLES[name];
  return examples.map((example) => {
    const [path = '', search = ''] = url(example).split('?');
    const query = [...new URLSearchParams(search)].map(([key, value]) => ({ name: key, value }));
    const { query: { u: _, ...parameters } = {}, problem = '' } = readUrl([name], { path, query, search }) ?? {};
    const text = Object.entries(parameters).map(([key, value]) => `${key}=${value.replaceAll('%', '%25')}`);
    return [
      `\`${example}\``,
      text.length ? `\`${text.join('&')}\`` : `not supported: ${problem.replace(/^\w+: /, '')}`,
    ];
  });
}
