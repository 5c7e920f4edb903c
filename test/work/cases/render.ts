/** Images and queries whose pixels are the work. */

import { HUGE_FRAMES, LARGE_FRAMES, TINY_FRAMES } from '../inputs/apng.ts';
import { HEIC_WORK } from '../inputs/heic.ts';
import {
  FLAT_PNG,
  FLAT_WEBP,
  HALF_JPEG,
  HALF_PNG,
  HDR_25MP,
  LOGO_400,
  LOGO_1600,
  LOGO_SVG,
  NOISE_1MP,
  NOISE_25MP,
  NOISE_25MP_Q1,
} from '../inputs/images.ts';
import { ENDED, REFUSED, WORK, type WorkCase } from './work-case.ts';

const WEBP = 'image/webp,*/*';
/** CPU seconds of work that takes 8 to 10 on a fast machine, and 12 on a slow one. */
const SLOW = 15;

export const EXPENSIVE: readonly WorkCase[] = [
  { title: 'blur=1000 of 1 MP', input: NOISE_1MP, query: 'w=1000&blur=1000', statuses: [200], cpu: 2 },
  {
    title: 'blur=1000 of 1.4 MP, from a WebP of 38 bytes',
    input: FLAT_WEBP,
    query: 'w=1200&blur=1000&f=jpg',
    statuses: [200],
    cpu: 4,
  },
  { title: 'blur=1000 of 25 MP', input: FLAT_WEBP, query: 'w=5000&blur=1000&f=jpg', statuses: ENDED, cpu: 8 },
  { title: 'sharpening of 25 MP', input: FLAT_PNG, query: 'w=5000&sharp=10&f=jpg', statuses: ENDED, cpu: SLOW },
  { title: 'quality 1 at its own size, as WebP', input: NOISE_25MP_Q1, query: 'w=5000', accept: WEBP, statuses: ENDED },
  { title: 'AVIF of 25 MP', input: NOISE_25MP, query: 'w=5000&f=avif', statuses: ENDED },
  { title: 'AVIF of 25 MP, lossless', input: NOISE_25MP, query: 'w=5000&f=avif&ll=1', statuses: ENDED },
  { title: 'WebP of 25 MP, lossless', input: NOISE_25MP, query: 'w=5000&f=webp&ll=1', statuses: ENDED },
  { title: 'GIF of 25 MP', input: NOISE_25MP, query: 'w=5000&f=gif', statuses: ENDED },
  { title: 'PNG of 25 MP, level 9', input: NOISE_25MP, query: 'w=5000&f=png&l=9&af=1', statuses: ENDED },
  { title: 'AVIF within 1,000 bytes', input: NOISE_25MP, query: 'w=5000&f=avif&mb=1000', statuses: ENDED },
  { title: 'WebP within 1,000 bytes', input: NOISE_25MP, query: 'w=4000&f=webp&mb=1000', statuses: ENDED, cpu: SLOW },
  { title: 'a truncated JPEG of 25 MP', input: HALF_JPEG, query: 'w=5000&f=png', statuses: ENDED },
  { title: 'a truncated PNG of 50 MP', input: HALF_PNG, query: 'w=800&f=jpg', statuses: ENDED, peak: 1200 },
  { title: 'a truncated PNG of 50 MP, f=json', input: HALF_PNG, query: 'f=json', statuses: ENDED },
  { title: 'a gain map of 25 MP', input: HDR_25MP, query: 'w=5000&f=jpg&hdr=keep&ro=90', statuses: ENDED },
  {
    title: 'a gain map of 25 MP, cropped before',
    input: HDR_25MP,
    query: 'w=5000&f=jpg&hdr=keep&precrop=1&cx=1&cy=1&cw=4000&ch=4000',
    statuses: ENDED,
  },
  {
    title: 'mask, angle and PNG at 24 MP',
    input: FLAT_PNG,
    query: 'w=4900&ro=1&mask=circle&f=png&l=9&af=1',
    statuses: ENDED,
  },
  { title: 'mask and trim at 24 MP', input: FLAT_PNG, query: 'w=4900&mask=star&mtrim=1&f=jpg', statuses: ENDED },
].map(({ cpu = WORK.cpu, peak = WORK.peak, ...rest }) => ({ ...rest, bounds: { ...WORK, cpu, peak } }));

export const HEIC: readonly WorkCase[] = HEIC_WORK.map((input) => ({
  title: input.name,
  input,
  env: { SOURCE_HEIC: 'on' },
  query: 'w=1600',
  statuses: [...ENDED, ...REFUSED],
  bounds: WORK,
  neighbourMs: 5000,
}));

export const LOGOS: readonly WorkCase[] = [
  { title: 'a logo at its own size, as WebP', input: LOGO_400, query: 'w=400', cpu: 0.8 },
  { title: 'a logo that we keeps at its own size', input: LOGO_400, query: 'w=640&we=1', cpu: 0.8 },
  { title: 'a large logo that we keeps at its own size', input: LOGO_1600, query: 'w=2000&we=1', cpu: 2 },
  { title: 'an SVG logo at its own size, as WebP', input: LOGO_SVG, query: 'w=640', cpu: 1.5 },
].map(({ cpu, ...rest }) => ({ ...rest, accept: WEBP, statuses: [200], bounds: { ...WORK, cpu } }));

export const ANIMATIONS: readonly WorkCase[] = [TINY_FRAMES, LARGE_FRAMES, HUGE_FRAMES].flatMap((input) =>
  ['w=100', 'w=100&page=9999', 'f=json'].map((query) => ({
    title: `${input.name}, ${query}`,
    input,
    query,
    accept: WEBP,
    statuses: ENDED,
    // Frames are blended on the main thread in slices: 0.6 s.
    bounds: { ...WORK, main: 1.2 },
  })),
);
