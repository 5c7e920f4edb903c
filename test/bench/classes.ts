/** The kinds of work that are compared, each a source, a width and a format. */

/** What stands for a picture, whatever folder the pictures come from: see sources.ts. */
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
  /** Width of the result in pixels. */
  readonly w: number;
  readonly f: Format;
}

/** One request: the work on the source at this address. */
export interface Job extends Work {
  readonly source: string;
}

/** The quality that everybody is asked for, on JPEG's scale. */
export const QUALITY = 80;

/** What that is on AVIF's scale: sharp's own default, and what both Next.js and pixgate make of 80. */
export const AVIF_QUALITY = 50;

/** The setting for those that have no scale of their own; PNG is without loss, unless a peer knows no other way. */
export const qualityOf = (f: Format): number | undefined =>
  ({ jpg: QUALITY, webp: QUALITY, avif: AVIF_QUALITY, png: undefined })[f];

/** Each is asked for with a source that nobody has seen: a miss. */
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

/** The class of the target that has one of its own. */
export const PHONE: Work = { role: 'phone', w: 1600, f: 'jpg' };

/** The everyday picture: for latency, throughput, hits, and what is around the core. */
export const COMMON: Work = { role: 'photo', w: 640, f: 'jpg' };

/** A srcset: all at once, of one source that nobody has seen. */
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
