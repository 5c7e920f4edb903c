/**
 * The core for other programs, without any event: a queue worker, a server of another kind, a build script. The same
 * parameters, checks and limits as a request has.
 */
import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import { type Config, loadConfig } from './config.ts';
import { ImageError } from './errors.ts';
import { readBody } from './fetch/body.ts';
import { fetchSource } from './fetch/source.ts';
import { parseSourceUrl } from './fetch/source-url.ts';
import type { RenderedImage, Source } from './image/job.ts';
import { resize } from './image/resize.ts';
import { queryValidator } from './middlewares/query-validator.ts';
import type { ImageOptions, Settings } from './options.ts';
import { PARSERS, REQUEST_ONLY_PARAMS } from './parsers.ts';
import { createSvgPool } from './svg/pool.ts';

/** What is asked of a picture, by the names of the query's parameters: `{ w: 640, f: 'webp' }`. */
export type TransformOptions = Partial<Omit<ImageOptions, (typeof REQUEST_ONLY_PARAMS)[number]>>;

/** Settings that bound a source, its fetch and the result, in camel case, with their units and defaults: `{ sourceMaxPixels: 20e6 }`. */
type Bounds = {
  readonly [Name in keyof Settings as Name extends `source${string}` | `resultMax${string}` | 'avifAuto'
    ? Name
    : never]?: Settings[Name] | undefined;
};

export interface TransformLimits extends Bounds {
  /** Ends the fetch and a drawing. A decoding that has begun runs to its end. */
  readonly signal?: AbortSignal;
  /** An `Accept` header, for `f: 'auto'`. */
  readonly accept?: string;
}

/** A finished picture, or a fact about one as text. Timings are milliseconds. */
export interface Transformed {
  readonly data: Buffer | string;
  readonly info: Omit<RenderedImage, 'data' | 'timings'> & { readonly size: number };
  readonly timings: Readonly<Record<string, number>>;
}

/** SOURCE_MAX_BYTES of sourceMaxBytes. */
const variable = (name: string) => name.replace(/[A-Z]/g, '_$&').toUpperCase();

/** By the bounds they were made of, since most callers have one set. */
const configs = new WeakMap<object, Config>();
const NONE = {};
function configOf(bounds: object): Config {
  const known = configs.get(bounds);
  if (known) return known;
  const given = Object.entries(bounds).filter(
    ([name, value]) => value !== undefined && !['signal', 'accept'].includes(name),
  );
  const config = loadConfig({
    PUBLIC: 'on',
    ...Object.fromEntries(given.map(([name, value]) => [variable(name), String(value)])),
  });
  configs.set(bounds, config);
  return config;
}

const draw = createSvgPool(configOf(NONE));
const check = queryValidator({ schema: querySchema, validate, parsers: PARSERS });

/** The options as a request would have them: the same check, the same defaults. */
function readOptions(options: TransformOptions): ImageOptions {
  const pairs = Object.entries(options).filter(([, value]) => value !== undefined);
  const other = pairs.find(([name]) => (REQUEST_ONLY_PARAMS as readonly string[]).includes(name))?.[0];
  if (other !== undefined) throw new ImageError('QUERY_INVALID', `${other} is not an option here.`);
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)] as [string, string]));
  // What is read is given beside, whatever it is.
  query.set('u', 'https://example.com/');
  const event = { rawQueryString: String(query), requestContext: { http: { method: 'GET' } } };
  check.before?.({ event, context: {}, internal: {} } as never);
  return (event as unknown as { queryStringParameters: ImageOptions }).queryStringParameters;
}

type Input = URL | Uint8Array | Readable | ReadableStream;

async function readSource(
  source: Input,
  config: Config,
  signal: AbortSignal,
): Promise<Source & { timings?: Readonly<Record<string, number>> }> {
  if (source instanceof URL) {
    const address = parseSourceUrl(source.href);
    const policy = {
      allowedNetworks: config.sourceAllowedNetworks,
      allowedHosts: config.sourceAllowedHosts,
      allowedBuckets: config.sourceAllowedBuckets,
    };
    return fetchSource(address, policy, config, signal);
  }
  const web =
    source instanceof Uint8Array ? [Buffer.from(source.buffer, source.byteOffset, source.byteLength)] : source;
  const body: Readable =
    Symbol.iterator in web ? Readable.from(web) : web instanceof Readable ? web : Readable.fromWeb(web);
  try {
    return await readBody(addAbortSignal(signal, body), 0, config);
  } catch (cause) {
    if (signal.aborted) throw new ImageError('SOURCE_TIMEOUT', 'The source was not read in time.', { cause });
    // There is no origin that could do better another time.
    if (cause instanceof ImageError && cause.code === 'SOURCE_UNAVAILABLE')
      throw new ImageError('SOURCE_UNSUPPORTED', 'The source is empty.', { cause });
    if (cause instanceof ImageError) throw cause;
    throw new ImageError('SOURCE_UNAVAILABLE', 'The source could not be read to its end.', { cause });
  }
}

/** Without what there is nothing to say of. */
const present = <Facts extends object>(facts: Facts) =>
  Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && !(Array.isArray(value) && !value.length)),
  ) as Facts;

/**
 * Makes one picture. Nothing is remembered, and nothing but the caller bounds how many are made at once.
 *
 * @param source an address, which is fetched with all guards; or bytes, or a stream of them
 * @param limits keep one object for all calls: it is checked once
 * @throws ImageError with `code`, `statusCode` and a message for people: of the options, of the source, of the picture
 * @throws TypeError when a limit is out of its bounds
 * @example const { data, info } = await transform(createReadStream('in.jpg'), { w: 640, f: 'webp' });
 */
export async function transform(
  source: Input,
  options: TransformOptions,
  limits: TransformLimits = NONE,
): Promise<Transformed> {
  const { signal = new AbortController().signal, accept } = limits;
  const config = configOf(limits);
  const asked = readOptions(options);
  const { bytes, format, timings: before } = await readSource(source, config, signal);
  const job = { source: { bytes, format }, options: asked, accept, limits: config };
  const { data, timings, ...facts } = await (format === 'svg' ? draw(job, signal) : resize(job));
  return { data, info: { ...present(facts), size: Buffer.byteLength(data) }, timings: { ...before, ...timings } };
}
