/** The filters of thumbor, imagor and Dynamic Image Transformation as parameters. Pure. */
import { NoCounterpart, type Query, toColour, toFormat, toPercent, unsupported } from './old-url.ts';

/** The programs that read the path of thumbor. They differ in a few filters. */
export type Flavour = 'thumbor' | 'imagor' | 'dit';

/** What filters say, beside parameters, of the box. */
export interface Filtered {
  readonly query: Query;
  upscale?: boolean;
  fill?: string;
  stretch?: boolean;
  /** Clockwise, after the resize. */
  rotation: number;
}

type Apply = (filtered: Filtered, args: readonly string[], flavour: Flavour) => void;

const none: Apply = () => {};
const value =
  (name: string): Apply =>
  ({ query }, [text = '']) => {
    query[name] = text;
  };

/** The multiplier of a percentage from -100 to 100. */
const toFactor = (percentage: string) => String(Number((1 + Number(percentage) / 100).toFixed(4)));

const isTrue = (text: string | undefined) => /^(?:true|1)$/i.test(text ?? '');

/** A region of absolute pixels has its centre at a share of the source only if its size is known. */
function focal({ query }: Filtered, [text = '', ...others]: readonly string[]): void {
  const point = [text, ...others].map(Number);
  const [, left, top, right, bottom] = (/^([\d.]+)x([\d.]+):([\d.]+)x([\d.]+)$/.exec(text) ?? []).map(Number);
  const region = [left, top, right, bottom];
  const [x, y] = region.every((edge) => edge !== undefined)
    ? [((left ?? 0) + (right ?? 0)) / 2, ((top ?? 0) + (bottom ?? 0)) / 2]
    : point;
  const shares = left === undefined ? point : region;
  if (shares.length < 2 || shares.some((share) => !(share !== undefined && share >= 0 && share <= 1)))
    throw new NoCounterpart('focal in pixels has no counterpart');
  Object.assign(query, { fpx: String(Number(x?.toFixed(4))), fpy: String(Number(y?.toFixed(4))) });
}

function roundCorner({ query }: Filtered, args: readonly string[], flavour: Flavour): void {
  const [radius = '', ...others] = args;
  const ellipse = flavour === 'imagor' ? others[0] !== undefined && others[0] !== radius : radius.includes('|');
  if (ellipse) throw new NoCounterpart('round_corner with two radii has no counterpart');
  query.r = radius;
  if (flavour === 'imagor' && others[1]) query.mbg = toColour(others[1]);
  else if (flavour === 'thumbor' && !isTrue(others[3])) query.mbg = toColour(`rgb(${others.slice(0, 3).join(' ')})`);
}

const FILTERS = new Map<string, Apply>([
  ['quality', value('q')],
  [
    'format',
    ({ query }, [name = '']) => {
      query.f = toFormat(name);
    },
  ],
  [
    'blur',
    ({ query }, [radius = '', sigma], flavour) => {
      const implied = flavour === 'dit' ? String(Number(radius) / 2) : radius;
      const blur = sigma || implied;
      if (Number(blur) !== 0) query.blur = blur;
    },
  ],
  [
    'sharpen',
    ({ query }, [amount = '', radius = ''], flavour) => {
      const sigma = { imagor: amount, dit: String(1 + Number(radius) / 2), thumbor: Number(radius) ? radius : '1' };
      if (Number(amount) !== 0 || flavour === 'dit') query.sharp = sigma[flavour];
    },
  ],
  [
    'grayscale',
    ({ query }) => {
      query.filt = 'greyscale';
    },
  ],
  [
    'saturation',
    ({ query }, [amount = '']) => {
      query.sat = toFactor(amount);
    },
  ],
  ['hue', value('hue')],
  [
    'brightness',
    ({ query }, [amount = '']) => {
      query.bri = String(Math.round(Math.min(100, Math.max(-100, Number(amount)))));
    },
  ],
  [
    'rotate',
    (filtered, [angle = '0'], flavour) => {
      const degrees = Number(angle);
      if (!Number.isFinite(degrees)) unsupported(`rotate(${angle})`);
      // sharp rotates clockwise and before the resize, the others counter-clockwise and after it.
      if (flavour === 'dit') Object.assign(filtered.query, degrees && { ro: angle });
      else filtered.rotation = (((360 - degrees) % 360) + 360) % 360;
    },
  ],
  [
    'fill',
    (filtered, [colour = '']) => {
      filtered.fill = /^(?:transparent|none)$/.test(colour) ? '' : toColour(colour);
    },
  ],
  [
    'background_color',
    ({ query }, [colour = '']) => {
      query.bg = colour === 'auto' ? unsupported('background_color(auto)') : toColour(colour);
    },
  ],
  [
    'upscale',
    (filtered) => {
      filtered.upscale = true;
    },
  ],
  [
    'no_upscale',
    (filtered) => {
      filtered.upscale = false;
    },
  ],
  [
    'stretch',
    (filtered) => {
      filtered.stretch = true;
    },
  ],
  ['max_bytes', value('mb')],
  ['focal', focal],
  ['round_corner', roundCorner],
  [
    'cover',
    ({ query }) => {
      query.n = '1';
    },
  ],
  [
    'animated',
    ({ query }, [text = '']) => {
      if (text.toLowerCase() === 'false') query.n = '1';
    },
  ],
  ['max_frames', value('n')],
  [
    'page',
    ({ query }, [page = '']) => {
      query.page = String(Number(page) - 1);
    },
  ],
  [
    'crop',
    ({ query }, args) => {
      const [cx = '', cy = '', cw = '', ch = ''] = args.map((text) =>
        Number(text) < 1 ? toPercent(Number(text)) : text,
      );
      Object.assign(query, { cx, cy, cw, ch });
    },
  ],
  [
    'attachment',
    ({ query }, [name]) => {
      Object.assign(query, { dl: '1' }, name && { filename: name });
    },
  ],
  [
    'expire',
    ({ query }, [milliseconds = '']) => {
      query.exp = String(Math.floor(Number(milliseconds) / 1000));
    },
  ],
  [
    'max_age',
    ({ query }, [seconds = '']) => {
      query.maxage = `${seconds}s`;
    },
  ],
  [
    'autojpg',
    ({ query }, [on = 'true'], flavour) => {
      // thumbor converts PNG without transparency, as f=auto does.
      if (flavour === 'dit' && on !== 'false') query.f = 'jpg';
    },
  ],
  ['strip_exif', none],
  ['strip_icc', none],
  ['strip_metadata', none],
  ['preview', none],
]);

/** Filters that only one of the three has. */
const ONLY: Readonly<Record<string, Flavour>> = {
  hue: 'imagor',
  crop: 'imagor',
  max_frames: 'imagor',
  page: 'imagor',
  attachment: 'imagor',
  expire: 'imagor',
  max_age: 'imagor',
  preview: 'imagor',
  strip_metadata: 'imagor',
  animated: 'dit',
  cover: 'thumbor',
};

/** @throws NoCounterpart */
export function readFilters(filters: readonly { name: string; args: readonly string[] }[], flavour: Flavour): Filtered {
  const filtered: Filtered = { query: {}, rotation: 0 };
  for (const { name, args } of filters) {
    const apply = (ONLY[name] ?? flavour) === flavour ? FILTERS.get(name) : undefined;
    if (!apply) unsupported(`the filter ${name}`);
    apply(filtered, args, flavour);
  }
  return filtered;
}
