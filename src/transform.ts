/**
 * The core for other programs, without an event: a queue consumer, another server, a build script. The same parameters,
 * checks and limits as for a request.
 */
import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { LRUCache } from 'lru-cache';
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import { type Config, resolveConfig, sourcePolicy } from './config.ts';
import { ImageError } from './errors.ts';
import { readBody } from './fetch/body.ts';
import { fetchSource } from './fetch/source.ts';
import { parseSource } from './fetch/source-bases.ts';
import { findHeaders } from './fetch/source-headers.ts';
import { createHeicPool } from './heic/pool.ts';
import type { DecodeHeic } from './image/heic.ts';
import type { RenderedImage, Source } from './image/job.ts';
import type { Mark } from './image/mark.ts';
import { resize } from './image/resize.ts';
import { loadMarks, type MarkLimits } from './marks/load.ts';
import { assertMarkName } from './marks/settings.ts';
import { compileQuery, queryInvalid } from './middlewares/validate-query.ts';
import type { ImageOptions, Settings } from './options.ts';
import { createParsers, REQUEST_ONLY_PARAMS } from './parsers.ts';
import { createSvgPool } from './svg/pool.ts';

export { loadMarks, type Mark, type MarkLimits };

/** Parameters of the query by name: `{ w: 640, f: 'webp' }`. */
export type TransformOptions = Partial<Omit<ImageOptions, (typeof REQUEST_ONLY_PARAMS)[number]>>;

/** Settings of a source, its fetch, the output and marks, in camel case, with their units and defaults: `{ sourceMaxPixels: 20e6 }`. */
type LimitSettings = {
  readonly [Name in keyof Settings as Name extends `sourceHeadersS${string}`
    ? never
    : Name extends `source${string}` | 'heicTimeout' | `resultMax${string}` | 'avifAuto' | 'marks'
      ? Name
      : never]?: Settings[Name] | undefined;
};

export interface TransformLimits extends LimitSettings {
  /** Aborts the fetch and the rendering of an SVG; that of another format, between two of its steps. */
  readonly signal?: AbortSignal;
  /** An `Accept` header, for `f: 'auto'`. */
  readonly accept?: string;
}

/** An image, or metadata or a placeholder as text. Timings in milliseconds. */
export interface Transformed {
  readonly data: Buffer | string;
  readonly info: Omit<RenderedImage, 'data' | 'timings'> & { readonly size: number };
  readonly timings: Readonly<Record<string, number>>;
}

const DEFAULT_CONFIG = resolveConfig({});
const { renderSvg } = createSvgPool(DEFAULT_CONFIG);
/** Decoders of HEIC by their timeout: each keeps a thread. */
const heicDecoders = new Map<number, DecodeHeic>();

/** @throws TypeError if HEIC is switched on, and `libheif-js` is not installed */
function heicDecoder({ sourceHeic, heicTimeout }: Config): DecodeHeic | undefined {
  if (sourceHeic === 'off') return undefined;
  const decoder = heicDecoders.get(heicTimeout) ?? createHeicPool({ heicTimeout });
  heicDecoders.set(heicTimeout, decoder);
  return decoder;
}

/** Maximum texts of marks that stay read: a program has one or a few. */
const MAX_MARKS = 20;
/** Marks by their text: each text is read once. */
const marksByText = new LRUCache<string, Promise<readonly Mark[]>>({ max: MAX_MARKS });

/**
 * Returns the mark that a query names.
 *
 * @throws ImageError QUERY_INVALID if there is none of that name; Error if one of the marks cannot be read
 */
async function markOf(name: string, config: Config, text = ''): Promise<Mark | undefined> {
  const names = config.marks.map((mark) => mark.name);
  assertMarkName(name, names);
  const loading = marksByText.get(text) ?? loadMarks(config.marks, config);
  marksByText.set(text, loading);
  loading.catch(() => marksByText.delete(text));
  return (await loading).find((mark) => mark.name === name);
}

const validateQuery = compileQuery({ schema: querySchema, validate, parsers: createParsers() });

/** Returns the options with the checks and defaults of a query. */
function validateOptions(options: TransformOptions): ImageOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const requestOnly = given.find(([name]) => (REQUEST_ONLY_PARAMS as readonly string[]).includes(name))?.[0];
  if (requestOnly !== undefined) throw new ImageError('QUERY_INVALID', `${requestOnly} is not an option here.`);
  const parameters = given.map(([name, value]) => ({ name, value: String(value) }));
  // Required by the schema; the source is an argument here.
  const { values, errors } = validateQuery([...parameters, { name: 'u', value: 'https://example.com/' }]);
  if (errors.length) throw queryInvalid(errors);
  return values as unknown as ImageOptions;
}

type Input = URL | Uint8Array | Readable | ReadableStream;

function toReadable(input: Exclude<Input, URL>): Readable {
  if (input instanceof Uint8Array)
    return Readable.from([Buffer.from(input.buffer, input.byteOffset, input.byteLength)]);
  return input instanceof Readable ? input : Readable.fromWeb(input);
}

async function readSource(
  input: Input,
  config: Config,
  signal: AbortSignal,
): Promise<Source & { timings?: Readonly<Record<string, number>> }> {
  if (input instanceof URL) {
    const url = parseSource(input.href, config.sourceBases);
    const policy = { ...sourcePolicy(config), headers: findHeaders(url, config.sourceHeaders) };
    return fetchSource(url, policy, config, signal);
  }
  try {
    return await readBody(addAbortSignal(signal, toReadable(input)), {
      contentLength: 0,
      coding: 'identity',
      signal,
      limits: config,
    });
  } catch (cause) {
    if (signal.aborted) throw new ImageError('SOURCE_TIMEOUT', 'The source was not read in time.', { cause });
    // Not SOURCE_UNAVAILABLE, which invites to retry.
    if (cause instanceof ImageError && cause.code === 'SOURCE_UNAVAILABLE')
      throw new ImageError('SOURCE_UNSUPPORTED', 'The source is empty.', { cause });
    if (cause instanceof ImageError) throw cause;
    throw new ImageError('SOURCE_UNAVAILABLE', 'The source could not be read to its end.', { cause });
  }
}

/** Leaves out properties that are undefined or an empty list. */
const compact = <Info extends object>(info: Info) =>
  Object.fromEntries(
    Object.entries(info).filter(([, value]) => value !== undefined && !(Array.isArray(value) && !value.length)),
  ) as Info;

/**
 * Renders one image. Caches nothing, and does not limit how many calls run at once.
 *
 * @param source a URL, which is fetched with all guards; or bytes, or a stream of bytes
 * @param options parameters of the query, typed
 * @param limits settings, a `signal`, and `accept`
 * @returns the image with `info` and `timings`
 * @throws ImageError with `code`, `statusCode` and a message for people: of the options, the source or the image
 * @throws TypeError if a limit is unknown or out of its bounds
 * @throws Error if a mark cannot be read
 * @example const { data, info } = await transform(createReadStream('in.jpg'), { w: 640, f: 'webp' });
 */
export async function transform(
  source: Input,
  options: TransformOptions,
  limits: TransformLimits = {},
): Promise<Transformed> {
  const { signal = new AbortController().signal, accept, ...settings } = limits;
  const config = Object.keys(settings).length ? resolveConfig(settings as Partial<Settings>) : DEFAULT_CONFIG;
  const validated = validateOptions(options);
  const mark = validated.mark === undefined ? undefined : await markOf(validated.mark, config, settings.marks);
  const { bytes, format, timings: fetchTimings } = await readSource(source, config, signal);
  const job = { source: { bytes, format }, options: validated, mark, accept, limits: config };
  const { data, timings, ...info } = await (format === 'svg'
    ? renderSvg(job, signal)
    : resize(job, undefined, { signal, decodeHeic: heicDecoder(config) }));
  return { data, info: { ...compact(info), size: Buffer.byteLength(data) }, timings: { ...fetchTimings, ...timings } };
}
