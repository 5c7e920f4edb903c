/** The classes of work that are compared: each a source, a width and a format. */

/** The role of a source image; source-files.ts chooses the file. */
export type Role =
  | 'small'
  | 'photo'
  | 'turned'
  | 'phone'
  | 'big'
  | 'cutout'
  | 'screen'
  | 'webp'
  | 'avif'
  | 'svg'
  | 'gif';

export type Format = 'jpg' | 'webp' | 'avif' | 'png';

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  png: 'image/png',
};

export interface Work {
  readonly role: Role;
  /** Width of the output in pixels. */
  readonly w: number;
  readonly f: Format;
  /** The quality, on the scale of the contestant; that of the table by default. */
  readonly q?: number;
}

/** One request: the work, and the URL of the source. */
export interface Job extends Work {
  readonly source: string;
}

/** The requested quality, on JPEG's scale. */
export const QUALITY = 80;

/** Of peers without a common scale, for AVIF: sharp's default, and the value to which Next.js maps 80. Compare bytes at equal SSIMULACRA2. */
export const AVIF_QUALITY = 50;

/** Returns the encoder setting for peers without a common scale. PNG is lossless, unless a peer can only quantize it. */
export const qualityOf = (f: Format): number | undefined =>
  ({ jpg: QUALITY, webp: QUALITY, avif: AVIF_QUALITY, png: undefined })[f];

/** The qualities between which bytes at equal SSIMULACRA2 are interpolated: on JPEG's scale, and of encoders of AVIF. */
export const QUALITIES = [70, QUALITY, 85, 90] as const;
const AVIF_QUALITIES = [AVIF_QUALITY, 60, 66, 72] as const;
export const ofEncoder = (f: Format) => (f === 'avif' ? AVIF_QUALITIES : QUALITIES);

/** The classes of cache misses: each request has a new source URL. */
export const CLASSES: readonly Work[] = [
  { role: 'small', w: 320, f: 'jpg' },
  { role: 'photo', w: 200, f: 'jpg' },
  { role: 'photo', w: 640, f: 'jpg' },
  { role: 'photo', w: 1600, f: 'jpg' },
  { role: 'photo', w: 640, f: 'webp' },
  { role: 'photo', w: 640, f: 'avif' },
  { role: 'turned', w: 640, f: 'jpg' },
  { role: 'phone', w: 1600, f: 'jpg' },
  { role: 'big', w: 640, f: 'jpg' },
  { role: 'cutout', w: 640, f: 'png' },
  { role: 'cutout', w: 640, f: 'webp' },
  { role: 'screen', w: 640, f: 'webp' },
  { role: 'webp', w: 640, f: 'webp' },
  { role: 'avif', w: 640, f: 'webp' },
  { role: 'svg', w: 640, f: 'png' },
  { role: 'gif', w: 320, f: 'webp' },
];

/** The class with a target of its own. */
export const PHONE: Work = { role: 'phone', w: 1600, f: 'jpg' };

/** The most common class: used for latency, throughput, hits, and the overhead around the core. */
export const COMMON: Work = { role: 'photo', w: 640, f: 'jpg' };

/** Widths of a srcset: requested at once, of one new source. */
export const BURST_WIDTHS = [320, 640, 960, 1280, 1600] as const;

const ROLES: Readonly<Record<Role, string>> = {
  small: 'small JPEG',
  photo: 'JPEG',
  turned: 'turned JPEG',
  phone: 'phone JPEG',
  big: 'big JPEG',
  cutout: 'PNG, alpha',
  screen: 'PNG, screen',
  webp: 'WebP',
  avif: 'AVIF',
  svg: 'SVG',
  gif: 'animated GIF',
};
const FORMATS: Readonly<Record<Format, string>> = { jpg: 'JPEG', webp: 'WebP', avif: 'AVIF', png: 'PNG' };

export const classOf = ({ role, w, f }: Work): string => `${ROLES[role]} → ${FORMATS[f]} ${w}`;
