/**
 * A day's traffic, simulated: `npm run bench:day`. What Lambda and CloudFront cost and how long answers take, for 1, 10 and 100 million
 * requests a day. All that it assumes stands in this table, and is printed first.
 */
import { readFileSync } from 'node:fs';
import type { Role } from './classes.ts';
import { costsFrom } from './day-costs.ts';
import { runDay } from './day-run.ts';
import { byLoad, byMemory, line, text } from './day-tables.ts';
import { meanBytes, missesOf } from './day-traffic.ts';
import { WHOLE_VCPU } from './prices.ts';
import type { Report } from './report.ts';

export const ASSUMED = {
  requests: [[1e6, 1e7, 1e8], 'requests a day, one column each'],
  sources: [[20_000, 100_000, 500_000], 'pictures in each; a larger site has more of them'],
  page: [10, 'pictures of a page, all asked for in one width and format'],
  within: [500, 'ms in which a browser asks for all of them'],
  pageZipf: [0.9, 'exponent of Zipf over pages; traces of the web have 0.6 to 1'],
  widths: [[640, 320, 960, 1280, 200, 1600], 'px, most asked for first'],
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
    'share of pictures by class of test/bench/results.json, from which CPU and bytes are taken',
  ],
  regions: [
    [0.35, 0.25, 0.15, 0.1, 0.1, 0.05],
    'share of requests by regional cache of the CDN: an audience on two continents. The edges behind one ask it alone, and their copies run out with its own',
  ],
  swing: [0.6, 'the busiest time of the day is so much above the mean, midnight below'],
  fresh: [
    1,
    'days that a copy is fresh: `RESULT_DEFAULT_AGE`. Later it is shown once more, and asked about by its ETag',
  ],
  unasked: [
    1,
    'days without a request after which a cache drops a copy (Che: in an LRU cache that time is about the same for all)',
  ],
  changed: [0.01, 'share of such questions whose answer is a new picture'],
  hit: [{ median: 25, spread: 0.6 }, 'ms of an answer from the edge: log-normal, median and spread'],
  hop: [60, 'ms more from the edge to Lambda and back'],
  download: [{ median: 80, spread: 0.8 }, 'ms of a download from the origin; log-normal'],
  question: [{ median: 40, spread: 0.8 }, 'ms of an origin to tell that nothing has changed; log-normal'],
  memory: [WHOLE_VCPU, 'MB of the function, as the template has it; a vCPU as fast as the measured machine'],
  init: [64, 'ms of CPU until the first event (`npm run bench:cold`); at a start there is a whole vCPU'],
  load: [150, 'ms more until the code has been read; billed'],
  start: [100, 'ms before that, until the instance is there; not billed'],
  first: [13, 'ms of CPU more for the first picture (`npm run bench:cold`)'],
  unchanged: [1.8, "ms of CPU for a 304 of which the instance remembers nothing, measured under AWS's runtime client"],
  idle: [7 * 60_000, 'ms that an idle instance is kept; AWS promises nothing'],
  lifetime: [120 * 60_000, 'ms after which an instance is ended anyway'],
  remembered: [300_000, 'ms that an instance uses what it remembers unasked: `MEMORY_MAX_AGE`'],
  roomForSources: [100, 'sources that an instance remembers: 64 MB of 0.65 MB'],
  roomForResults: [2000, 'results that it remembers: 64 MB of 32 kB'],
  log: [1200, "bytes of log for a request, Lambda's own three lines included"],
} as const;

/** The value of each assumption, without what is said of it. */
export type Assumed = { readonly [Name in keyof typeof ASSUMED]: (typeof ASSUMED)[Name][0] };

const assumed = Object.fromEntries(Object.entries(ASSUMED).map(([name, [value]]) => [name, value])) as Assumed;

/** MB of the second table, which is of the middle load. */
const MEMORY = [512, 1024, WHOLE_VCPU, 3008];

const report = JSON.parse(readFileSync(new URL('results.json', import.meta.url), 'utf8')) as Report;
const costs = costsFrom(report);
const kilobytes = (meanBytes(assumed, costs) / 1000).toFixed(1);
const loads = assumed.requests.map((requests, i) => ({ requests, sources: assumed.sources[i] ?? Number.NaN }));
const [small, middle, large] = loads.map((load) => ({ load, misses: missesOf(assumed, load) }));
if (!small || !middle || !large) throw new Error('three loads are needed');

line(['assumption', 'value', 'what it is']);
console.log('| --- | --- | --- |');
for (const [name, [value, about]] of Object.entries(ASSUMED)) line([name, text(value), about]);
console.log(
  `\nAn answer has ${kilobytes} kB on the mean, by ${report.date}'s results. Prices: us-east-1, arm64, November 2026,`,
);
console.log('nothing free of charge.\n');
byLoad([small, middle, large].map(({ load, misses }) => runDay(assumed, costs, load, misses)));
console.log();
byMemory(MEMORY.map((memory) => runDay({ ...assumed, memory }, costs, middle.load, middle.misses)));
