/** What Next.js, Nuxt Image and unpic ask of an image service, answered with pixgate's addresses. No framework is imported. */
import { generate, type UrlOptions } from './url.ts';

/** Where the resizer is, the key that pages use, and where pictures with a relative address are. */
export interface LoaderOptions {
  readonly base: string;
  readonly k?: string;
  /** The site's own origin, such as `https://example.com`, for sources like `/cat.jpg`. */
  readonly origin?: string;
}

function addressOf(source: string, { base, k, origin }: LoaderOptions, options: UrlOptions): string {
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(source);
  if (!absolute && origin === undefined)
    throw new TypeError(`${source} is relative: the loader needs origin, the address of your site`);
  const u = absolute ? source : new URL(source, origin).href;
  return generate(base, u, { ...options, ...(k !== undefined && { k }) });
}

/**
 * For `images.loaderFile` of next.config: a file that exports what this returns as its default.
 *
 * @throws TypeError for a relative source without `origin`
 * @example export default nextLoader({ base: 'https://img.example.com/', k: 'KEY', origin: 'https://example.com' })
 */
export const nextLoader =
  (options: LoaderOptions) =>
  ({ src, width, quality }: { src: string; width: number; quality?: number }): string =>
    addressOf(src, options, { w: width, we: true, ...(quality !== undefined && { q: quality }) });

/** Names of Nuxt Image's modifiers → parameters. */
const NUXT: Readonly<Record<string, string>> = {
  width: 'w',
  height: 'h',
  quality: 'q',
  format: 'f',
  background: 'bg',
  position: 'a',
  rotate: 'ro',
  sharpen: 'sharp',
  brightness: 'mod',
  saturation: 'sat',
  contrast: 'con',
  gamma: 'gam',
  filter: 'filt',
  mirror: 'flop',
  pixelDensity: 'dpr',
  trimImage: 'trim',
  maskTrim: 'mtrim',
  maskBackground: 'mbg',
};

/** Under their one name, without what is empty; a hexadecimal colour without its `#`. */
function renamed(modifiers: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>>): UrlOptions {
  const pairs = Object.entries(modifiers).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    return [[names[name] ?? name, typeof value === 'string' ? value.replace(/^#/, '') : value]];
  });
  return Object.fromEntries(pairs) as UrlOptions;
}

/**
 * A provider for Nuxt Image: hand it to `defineProvider`, in a file that `image.providers` names.
 *
 * @example export default defineProvider(nuxtProvider({ base: 'https://img.example.com/', k: 'KEY' }))
 */
export const nuxtProvider = (options: LoaderOptions) => ({
  getImage: (source: string, { modifiers = {} }: { modifiers?: object } = {}): { url: string } => ({
    url: addressOf(source, options, renamed({ ...modifiers }, NUXT)),
  }),
});

const UNPIC: Readonly<Record<string, string>> = { width: 'w', height: 'h', quality: 'q', format: 'f' };

/**
 * A transformer for unpic, as its `transformer` takes it. With both sides the picture is cropped, as unpic's own do.
 *
 * @example <Image src="https://example.com/cat.jpg" transformer={unpicTransformer({ base, k })} width={640} />
 */
export const unpicTransformer =
  (options: LoaderOptions) =>
  (source: string | URL, operations: object): string => {
    const asked = renamed({ ...operations }, UNPIC);
    const cropped = asked.w !== undefined && asked.h !== undefined;
    return addressOf(String(source), options, { ...(cropped && { fit: 'cover' }), ...asked });
  };
