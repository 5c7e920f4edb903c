/** Loaders for Next.js, Nuxt Image, Astro and unpic that return pixgate's URLs. No framework is imported. */
import { generate, type SigningKey, sign, type UrlOptions } from './url.ts';

/** Options of every loader. */
export interface LoaderOptions {
  /** URL of the resizer, such as `https://img.example.com/`. */
  readonly base: string;
  /** API key, visible in the page. */
  readonly k?: string;
  /** Origin of the site, such as `https://example.com`, for relative URLs like `/cat.jpg`. */
  readonly origin?: string;
  /** Parameters of every image, such as `{ fit: 'cover', ar: '4:3' }`; those of the framework replace them. */
  readonly parameters?: UrlOptions;
}

/** Returns the URL of a resized image. @throws TypeError for a relative source without `origin` */
function toUrl(source: string, { base, k, origin, parameters }: LoaderOptions, options: UrlOptions): string {
  // A data: URL too.
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(source);
  if (!isAbsolute && origin === undefined)
    throw new TypeError(`${source} is a relative URL: set origin to the URL of your site`);
  const u = isAbsolute ? source : new URL(source, origin).href;
  return generate(base, u, { ...parameters, ...options, ...(k !== undefined && { k }) });
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

/** Widths that Next.js requests unless its configuration has others (`deviceSizes`, `imageSizes`), in pixels. */
const NEXT_WIDTHS = [16, 32, 48, 64, 96, 128, 256, 384, 640, 750, 828, 1080, 1200, 1920, 2048, 3840];

/**
 * Signs the URLs of one image at all widths that Next.js requests. Call it on the server, and pass the result to a component of
 * the client: the secret must not be in a page.
 *
 * @param options parameters of the image, and `widths` in pixels where the configuration of Next.js has others
 * @returns URLs by width, for `nextSignedLoader`
 */
export async function signWidths(
  base: string,
  source: string,
  key: SigningKey,
  { widths = NEXT_WIDTHS, ...options }: UrlOptions & { readonly widths?: readonly number[] } = {},
): Promise<Record<number, string>> {
  const urls = widths.map(async (w) => [w, await sign(base, source, key, { ...options, w, we: true })] as const);
  return Object.fromEntries(await Promise.all(urls));
}

/**
 * Creates a loader for one image of Next.js whose URLs were signed: `<Image loader={nextSignedLoader(urls)} …>`.
 *
 * @param urls from `signWidths`, for the same source
 * @returns a function that returns the URL of the width, or of the next larger one that was signed
 */
export const nextSignedLoader =
  (urls: Readonly<Record<number, string>>) =>
  ({ width }: { width: number }): string => {
    const widths = Object.keys(urls).map(Number);
    const signed = widths.find((candidate) => candidate >= width) ?? widths.at(-1);
    if (signed === undefined) throw new TypeError('nextSignedLoader: urls has no width');
    return urls[signed] as string;
  };

/** What Astro passes to an image service: `src` is an object for an image of the project. */
interface AstroImage {
  readonly src: string | { readonly src: string; readonly width?: number };
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly quality?: string | number | null | undefined;
  readonly format?: string | undefined;
  readonly fit?: string | undefined;
}

/** Astro's names of qualities → `q`. */
const ASTRO_QUALITIES: Readonly<Record<string, number>> = { low: 40, mid: 60, high: 80, max: 95 };
/** Astro's fits that have another name here. */
const ASTRO_FITS: Readonly<Record<string, string>> = { 'scale-down': 'inside', none: 'inside' };

/**
 * Creates an external image service for Astro: export it as default, with the rest of Astro's own service, from the file in
 * `image.service`.
 *
 * @throws TypeError for a relative source without `origin`
 * @example export default { ...baseService, ...astroService({ base: 'https://img.example.com/', k: 'KEY', origin: 'https://example.com' }) }
 */
export const astroService = (options: LoaderOptions) => ({
  getURL({ src, width, height, quality, format, fit }: AstroImage): string {
    const q = Number(ASTRO_QUALITIES[`${quality}`] ?? quality);
    return toUrl(typeof src === 'string' ? src : src.src, options, {
      ...(width !== undefined && { w: width }),
      ...(height !== undefined && { h: height }),
      ...(q > 0 && { q }),
      ...(format && { f: format === 'jpeg' ? 'jpg' : format }),
      ...(fit && { fit: ASTRO_FITS[fit] ?? fit }),
      we: true,
    } as UrlOptions);
  },
});

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
    const isCropped = parameters.w !== undefined && parameters.h !== undefined && options.parameters?.fit === undefined;
    return toUrl(String(source), options, { ...(isCropped && { fit: 'cover' }), ...parameters });
  };
