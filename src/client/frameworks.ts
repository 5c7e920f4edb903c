/** Loaders for Next.js, Nuxt Image and unpic that return pixgate's URLs. No framework is imported. */
import { generate, type UrlOptions } from './url.ts';

/** Options of every loader. */
export interface LoaderOptions {
  /** URL of the resizer, such as `https://img.example.com/`. */
  readonly base: string;
  /** API key, visible in the page. */
  readonly k?: string;
  /** Origin of the site, such as `https://example.com`, for relative URLs like `/cat.jpg`. */
  readonly origin?: string;
}

/** Returns the URL of a resized image. @throws TypeError for a relative source without `origin` */
function toUrl(source: string, { base, k, origin }: LoaderOptions, options: UrlOptions): string {
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(source);
  if (!isAbsolute && origin === undefined)
    throw new TypeError(`${source} is a relative URL: set origin to the URL of your site`);
  const u = isAbsolute ? source : new URL(source, origin).href;
  return generate(base, u, { ...options, ...(k !== undefined && { k }) });
}

/**
 * Creates a loader for Next.js: export it as default from the file in `images.loaderFile` of next.config. Does not upscale.
 *
 * @throws TypeError for a relative source without `origin`
 * @example export default nextLoader({ base: 'https://img.example.com/', k: 'KEY', origin: 'https://example.com' })
 */
export const nextLoader =
  (options: LoaderOptions) =>
  ({ src, width, quality }: { src: string; width: number; quality?: number }): string =>
    toUrl(src, options, { w: width, we: true, ...(quality !== undefined && { q: quality }) });

/** Nuxt Image's modifiers → parameters. */
const NUXT_NAMES: Readonly<Record<string, string>> = {
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

/** Renames modifiers to parameters, drops empty ones, and removes the `#` of a hexadecimal colour. */
function toParameters(
  modifiers: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
): UrlOptions {
  const pairs = Object.entries(modifiers).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    return [[names[name] ?? name, typeof value === 'string' ? value.replace(/^#/, '') : value]];
  });
  return Object.fromEntries(pairs) as UrlOptions;
}

/**
 * Creates a provider for Nuxt Image: pass it to `defineProvider` in the file of an entry in `image.providers`.
 *
 * @example export default defineProvider(nuxtProvider({ base: 'https://img.example.com/', k: 'KEY' }))
 */
export const nuxtProvider = (options: LoaderOptions) => ({
  getImage: (source: string, { modifiers = {} }: { modifiers?: object } = {}): { url: string } => ({
    url: toUrl(source, options, toParameters({ ...modifiers }, NUXT_NAMES)),
  }),
});

/** unpic's operations → parameters. */
const UNPIC_NAMES: Readonly<Record<string, string>> = { width: 'w', height: 'h', quality: 'q', format: 'f' };

/**
 * Creates a function for the `transformer` of unpic. With both width and height it crops the image, as unpic's own do.
 *
 * @example <Image src="https://example.com/cat.jpg" transformer={unpicTransformer({ base, k })} width={640} />
 */
export const unpicTransformer =
  (options: LoaderOptions) =>
  (source: string | URL, operations: object): string => {
    const parameters = toParameters({ ...operations }, UNPIC_NAMES);
    const isCropped = parameters.w !== undefined && parameters.h !== undefined;
    return toUrl(String(source), options, { ...(isCropped && { fit: 'cover' }), ...parameters });
  };
