/**
 * Simulates a day's traffic: `npm run bench:day`. Prints the price of Lambda and CloudFront, and the latency of responses, for 1, 10
 * and 100 million requests a day. All assumptions are in this table, which is printed first.
 */
import { readFileSync } from 'node:fs';
import type { Role } from './classes.ts';
import { costsFrom } from './day-costs.ts';
import { runDay } from './day-run.ts';
import { byLoad, byMemory, line, text } from './day-tables.ts';
import { meanBytes, missesOf } from './day-traffic.ts';
import { WHOLE_VCPU } from './prices.ts';
import type { Report } from './report.ts';

export const ASSUMPTIONS = {
  requests: [[1e6, 1e7, 1e8], 'requests a day, one column each'],
  sources: [[20_000, 100_000, 500_000], 'source images in each; a larger site has more of them'],
  page: [10, 'images of a page, all requested in one width and format'],
  within: [500, 'ms in which a browser requests all of them'],
  pageZipf: [0.9, 'exponent of Zipf over pages; traces of the web have 0.6 to 1'],
  widths: [[640, 320, 960, 1280, 200, 1600], 'px, most requested first'],
  widthZipf: [1, 'exponent of Zipf over widths'],
  webp: [0.97, 'share of requests whose `Accept` names WebP; the others get JPEG'],
  roles: [
    {
      small: 0.2,
      photo: 0.44,
      turned: 0.05,
      phone: 0.12,
      big: 0.03,
      cutout: 0.06,
      screen: 0.05,
      webp: 0.035,
      avif: 0.005,
      svg: 0.005,
      gif: 0.005,
    } satisfies Record<Role, number>,
    'share of images by class of test/bench/results.json, which has their CPU and bytes',
  ],
  regions: [
    [0.35, 0.25, 0.15, 0.1, 0.1, 0.05],
    'share of requests by regional cache of the CDN: an audience on two continents. Its edge locations request from it alone, and their stored responses become stale with its own',
  ],
  swing: [0.6, 'amplitude of the daily curve: noon is so much above the mean, midnight below'],
  fresh: [
    1,
    'days that a response is fresh: `RESULT_DEFAULT_AGE`. After that it is served once more, and revalidated by its ETag',
  ],
  unasked: [
    1,
    'days without a request after which a cache evicts a response (Che: in an LRU cache that time is about the same for all)',
  ],
  changed: [0.01, 'share of revalidations that return a new image'],
  hit: [{ median: 25, spread: 0.6 }, 'ms of a hit at the edge; log-normal: median and spread'],
  hop: [60, 'ms more from the edge to Lambda and back'],
  download: [{ median: 80, spread: 0.8 }, 'ms of a download from the origin; log-normal'],
  revalidation: [{ median: 40, spread: 0.8 }, 'ms of a 304 from the origin; log-normal'],
  memory: [WHOLE_VCPU, 'MB of the function, as the template has it; a vCPU as fast as the measured machine'],
  init: [64, 'ms of CPU until the first event (`npm run bench:cold`); initialisation has a whole vCPU'],
  load: [150, 'ms more until the code has been read; billed'],
  start: [100, 'ms before that, until the instance exists; not billed'],
  first: [13, 'ms of additional CPU for the first image (`npm run bench:cold`)'],
  unchanged: [1.8, "ms of CPU for a 304 with empty caches, measured under AWS's runtime client"],
  idle: [7 * 60_000, 'ms after which an idle instance ends; not documented by AWS'],
  lifetime: [120 * 60_000, 'ms after which any instance ends'],
  maxAge: [300_000, 'ms that an instance serves a cached image without revalidation: `MEMORY_MAX_AGE`'],
  maxSources: [100, 'entries of the source cache: 64 MB of 0.65 MB'],
  maxImages: [2000, 'entries of the image cache: 64 MB of 32 kB'],
  log: [1200, "bytes of log per request, Lambda's own three lines included"],
} as const;

/** The value of each assumption, without its description. */
export type Assumptions = { readonly [Name in keyof typeof ASSUMPTIONS]: (typeof ASSUMPTIONS)[Name][0] };

const assumed = Object.fromEntries(Object.entries(ASSUMPTIONS).map(([name, [value]]) => [name, value])) as Assumptions;

/** MB of the columns of the second table, which is for the middle load. */
const MEMORY = [512, 1024, WHOLE_VCPU, 3008];

const report = JSON.parse(readFileSync(new URL('results.json', import.meta.url), 'utf8')) as Report;
const costs = costsFrom(report);
const kilobytes = (meanBytes(assumed, costs) / 1000).toFixed(1);
const loads = assumed.requests.map((requests, i) => ({ requests, sources: assumed.sources[i] ?? Number.NaN }));
const [small, middle, large] = loads.map((load) => ({ load, misses: missesOf(assumed, load) }));
if (!small || !middle || !large) throw new Error('three loads are needed');

line(['assumption', 'value', 'description']);
console.log('| --- | --- | --- |');
for (const [name, [value, about]] of Object.entries(ASSUMPTIONS)) line([name, text(value), about]);
console.log(
  `\nA response has ${kilobytes} kB on average, by the results of ${report.date}. Prices: us-east-1, arm64, November 2026,`,
);
console.log('without the free tier.\n');
byLoad([small, middle, large].map(({ load, misses }) => runDay(assumed, costs, load, misses)));
console.log();
byMemory(MEMORY.map((memory) => runDay({ ...assumed, memory }, costs, middle.load, middle.misses)));
