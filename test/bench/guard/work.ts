/** The counted program: the product's core, its handler as Lambda runs it, and the references of both. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { allowLoaders } from '../../../src/image/libvips-loaders.ts';
import { resize } from '../../../src/image/resize.ts';
import { startHandler } from '../../../src/lambda/start.ts';
import { prepareSvg } from '../../../src/svg/prepare.ts';
import { transform } from '../../../src/transform.ts';
import { context, events, KEY, optionsOf, testConfig } from '../../requests.ts';
import { QUALITY, type Work } from '../classes.ts';

/** Repetitions of a request in one count. */
const TIMES = 50;

export type GuardJob =
  | { readonly does: 'load'; readonly sources: Readonly<Record<string, Uint8Array>>; readonly tiny: string }
  | { readonly does: 'image' | 'bare sharp'; readonly work: Work }
  | { readonly does: 'svg' | 'collect' | keyof typeof REQUESTS };

const SETTINGS = {
  API_KEYS: `guard:${KEY}`,
  SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
  // valgrind takes 50 times as long, on a busy machine more.
  SOURCE_CONNECT_TIMEOUT: '25000',
  SOURCE_IDLE_TIMEOUT: '25000',
  SOURCE_TIMEOUT: '29000',
};
const quiet = { log: () => {} };
const withoutCache = await startHandler({ ...SETTINGS, RESULT_MEMORY: '0', SOURCE_MEMORY: '0' }, quiet);
const withCache = await startHandler(SETTINGS, quiet);

let sources: Readonly<Record<string, Uint8Array>> = {};
let tiny = '';
let tag = '';

async function request(handler: typeof withoutCache, status: number, w: number, headers = {}) {
  const reply = await handler(events.rest({ k: KEY, u: tiny, w, f: 'jpg' }, headers), context(900_000));
  if (reply.statusCode !== status) throw new Error(`returned ${reply.statusCode}: ${reply.body}`);
  tag = String(reply.headers?.ETag ?? tag);
}

/** The reference of requests: plain code of similar kinds, without the product. It must never change. */
async function reference() {
  for (let i = 0; i < 10; i++) {
    const query = Object.fromEntries(
      new URLSearchParams(`k=key-${i}&w=640&u=https%3A%2F%2Fexample.com%2Fa.jpg%3Fn%3D${i}`),
    );
    const { hostname, searchParams } = new URL(query.u ?? '');
    const text = JSON.stringify({ ...query, hostname, n: [...searchParams.keys()] });
    const names = Object.entries(JSON.parse(text)).filter(([name]) => /^[a-z]+$/.test(name));
    await createHash('sha256').update(text).update(names.toSorted().join()).digest('base64url');
  }
}

const REQUESTS = {
  miss: () => request(withoutCache, 200, 8),
  core: () => transform(sources.tiny as Uint8Array, { w: 8, f: 'jpg' }),
  hit: () => request(withCache, 200, 8),
  'not modified': () => request(withCache, 304, 8, { 'If-None-Match': tag }),
  refusal: () => request(withCache, 400, -1),
  reference,
};

/** The reference of images: the shortest sharp pipeline to the same kind of image, with the product's encoder settings. */
function bareSharp({ role, w, f }: Work): Promise<Buffer> {
  const image = sharp(sources[role], { animated: role === 'gif', ignoreIcc: true })
    .autoOrient()
    .resize(w);
  if (f === 'avif') return image.avif({ quality: 63, effort: 3, chromaSubsampling: '4:2:0' }).toBuffer();
  if (f === 'webp') return image.webp({ quality: 81, effort: 4 }).toBuffer();
  if (f === 'jpg') return image.jpeg({ quality: QUALITY, quantisationTable: 3 }).toBuffer();
  return image
    .png(role === 'svg' ? { compressionLevel: 6 } : { compressionLevel: 2, adaptiveFiltering: true })
    .toBuffer();
}

/** Renders an SVG as the worker process does. The worker itself would end: with valgrind's memory it exceeds its limit. */
async function renderSvg({ role, w, f }: Work) {
  const { bytes, size } = await prepareSvg(Buffer.from(sources[role] ?? []));
  return resize({
    source: { bytes, format: 'svg', size },
    options: optionsOf({ w, f }),
    accept: undefined,
    limits: testConfig(),
  });
}

const make = (work: Work) =>
  work.role === 'svg' ? renderSvg(work) : transform(sources[work.role] as Uint8Array, { w: work.w, f: work.f });

/** Valgrind takes fifty times as long: the time limit, which is set first, begins ten minutes from now. */
async function withLateLimit(work: () => Promise<unknown>) {
  const { now } = Date;
  Date.now = () => {
    Date.now = now;
    return now() + 600_000;
  };
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

async function repeat(request: () => Promise<unknown>) {
  for (let i = 0; i < TIMES; i++) await request();
}

async function run(ask: GuardJob): Promise<unknown> {
  switch (ask.does) {
    case 'load':
      ({ sources, tiny } = ask);
      // Compile before counting, or the first class would include it.
      for (const request of Object.values(REQUESTS)) await repeat(request);
      return;
    case 'collect':
      return gc?.();
    case 'svg':
      return allowLoaders('svg');
    case 'image':
      return withLateLimit(() => make(ask.work));
    case 'bare sharp':
      return bareSharp(ask.work);
    default:
      return repeat(REQUESTS[ask.does]);
  }
}

process.on('message', async (ask: GuardJob) => {
  await run(ask);
  process.send?.('done');
});
process.send?.('ready');
