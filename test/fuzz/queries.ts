/** Chooses what a mutated image is requested as. */
import type { Random } from './random.ts';

const FORMATS = ['', '', 'f=jpg', 'f=png', 'f=webp', 'f=avif', 'f=gif', 'f=tiff', 'f=json', 'f=blurhash', 'f=color'];
/** Parameters that reach other parts of the code than a plain width does. */
const MORE = [
  'h=90&fit=cover&a=attention',
  'h=90&fit=contain',
  'h=90&fit=contain&cbg=blur',
  'pad=5%25,20&cbg=auto',
  'h=90&fit=fill',
  'ar=16:9',
  'we=1',
  'dpr=8',
  'ro=90',
  'ro=33',
  'trim',
  'blur=5',
  'sharp=2',
  'mask=star',
  'filt=sepia',
  'page=-1',
  'page=3',
  'n=2',
  'cx=1&cy=1&cw=50%25&ch=50%25&precrop=1',
  'meta=keep',
  'hdr=keep',
  'hdr=keep&f=jpg&ro=90',
  'hdr=keep&f=jpg&h=50&fit=cover&meta=keep',
  'flip=1&flop=1',
];
const ACCEPTED = ['image/webp,*/*', 'image/avif,image/webp,*/*', '*/*'];

/** Returns parameters beside `k` and `u`, and an `Accept` header. */
export function anyQuery(random: Random): { readonly query: string; readonly accept: string } {
  const parameters = [
    `w=${random.pick([1, 16, 64, 200, 800, 2000])}`,
    random.pick(FORMATS),
    random.chance(0.5) ? random.pick(MORE) : '',
  ];
  return { query: parameters.filter(Boolean).join('&'), accept: random.pick(ACCEPTED) };
}
