/** Judges the load run: each figure with its bound. */
import { type Check, count, formatCounts, growth, type Point, percentile, windowsOf } from './checks.ts';
import type { Hit } from './hits.ts';
import type { Visit } from './neighbour.ts';
import type { load } from './traffic.ts';
import type { LoopStats } from './watch.ts';

/**
 * Milliseconds. Hits wait for a CPU: beside the main thread, each of them may have an image of long work, one of short work, and an
 * SVG worker. Steps of the main thread are measured by their own CPU time.
 */
const MAX_HIT_MS = 250;
const MAX_STEP_MS = 50;
const MAX_NEIGHBOUR_MS = 1000;
const WINDOW_MS = 30_000;
/**
 * Maximum growth of the resident memory in the second half, as a share of it. A few bombs in work are a hundred megabytes that
 * come and go within seconds: in less than a minute only a large leak can be told from that.
 */
const MAX_GROWTH = 0.05;
const MAX_GROWTH_SHORT = 0.3;
/** Seconds; slightly less than a minute, since the first and the last sample lie inside of the half. */
const MINUTE = 59;

/** Statuses above 499 that a bad source may have. */
const FAILURES = [502, 503, 504];

type LoadResult = Awaited<ReturnType<typeof load>>;

export function judgeResponses({ counts, failed, withoutRetry }: LoadResult): Check[] {
  const bad = (kind: keyof typeof counts, allowed: (status: number) => boolean) =>
    Object.keys(counts[kind]).some((status) => !allowed(Number(status)));
  const refused = Object.values(counts).reduce((sum, { 503: some = 0 }) => sum + some, 0);
  return [
    { name: 'cached images: 200', figure: formatCounts(counts.hit), met: !bad('hit', (s) => s === 200) },
    {
      name: 'new images: 200 or 503',
      figure: formatCounts(counts.miss),
      met: !bad('miss', (s) => s === 200 || s === 503),
    },
    {
      name: 'bad sources: no 5xx but 502, 503, 504',
      figure: formatCounts(counts.badSource),
      met: !bad('badSource', (s) => s < 500 || FAILURES.includes(s)),
    },
    {
      name: 'hostile requests: no 5xx but 502, 503, 504',
      figure: formatCounts(counts.hostile),
      met: !bad('hostile', (s) => s < 500 || FAILURES.includes(s)),
    },
    { name: 'requests without a response: 0', figure: `${failed}`, met: failed === 0 },
    {
      name: 'beyond the queue: 503 with Retry-After',
      figure: `${refused}, ${withoutRetry()} without`,
      met: refused > 0 && withoutRetry() === 0,
    },
  ];
}

/** @param floor the same measurements of a plain server, on the same machine at the same time */
export function judgeHits(hits: readonly Hit[], floor: readonly Hit[], isFull: (time: number) => boolean): Check[] {
  const times = (some: readonly Hit[]) => some.filter(({ at }) => isFull(at)).map(({ durationMs: took }) => took);
  const full = times(hits);
  const p99 = percentile(full, 0.99);
  const wrong = hits.filter(({ isCorrect: right }) => !right).length;
  return [
    {
      name: `p99 of hits while the queue is full: under ${MAX_HIT_MS} ms`,
      figure: `${p99.toFixed(1)} ms of ${full.length} (p50 ${percentile(full, 0.5).toFixed(1)}); of plain node:http beside it ${percentile(times(floor), 0.99).toFixed(1)} (p50 ${percentile(times(floor), 0.5).toFixed(1)})`,
      met: p99 < MAX_HIT_MS,
    },
    { name: 'hits with other bytes, or not from the cache: 0', figure: `${wrong} of ${hits.length}`, met: wrong === 0 },
  ];
}

/**
 * Judges how an ordinary client fares: never refused, and in no window slow.
 *
 * @param floor as in `judgeHits`
 * @param run its begin and end, in milliseconds since 1970
 */
export function judgeNeighbour(
  visits: readonly Visit[],
  floor: readonly Hit[],
  run: { readonly from: number; readonly to: number },
): Check[] {
  const p99s = (some: readonly { readonly at: number; readonly durationMs: number }[]) =>
    windowsOf(some, { ...run, length: WINDOW_MS }).map((window) =>
      percentile(
        window.map(({ durationMs }) => durationMs),
        0.99,
      ),
    );
  const [all, plain] = [p99s(visits), p99s(floor)];
  const max = Math.max(...all);
  const ofKind = (kind: boolean) => Math.max(...p99s(visits.filter(({ isHit }) => isHit === kind))).toFixed(0);
  const statuses = (kind: boolean) =>
    formatCounts(count(visits.filter(({ isHit }) => isHit === kind).map(({ status }) => status)));
  return [
    {
      name: 'another client with ordinary images: 200',
      figure: `cached ${statuses(true)}; new ${statuses(false)}`,
      met: visits.every(({ status }) => status === 200),
    },
    {
      name: `its p99 in each window of ${WINDOW_MS / 1000} s: under ${MAX_NEIGHBOUR_MS} ms`,
      figure: `at most ${max.toFixed(0)} ms (cached ${ofKind(true)}, new ${ofKind(false)}); of plain node:http beside it ${plain[all.indexOf(max)]?.toFixed(0)}; all ${all.map((ms) => ms.toFixed(0)).join(' ')}`,
      met: max < MAX_NEIGHBOUR_MS,
    },
  ];
}

/** Judges the growth of memory. It is missed only if the growth is significant: two standard errors are allowed on top of the bound. */
export function judgeMemory(points: readonly Point[]): Check {
  const { by, error, mean, length, before, max } = growth(points);
  const maxShare = length < MINUTE ? MAX_GROWTH_SHORT : MAX_GROWTH;
  return {
    name: `RSS flat in the second half: growth by the line of least squares under ${maxShare * 100} %`,
    figure: `${by.toFixed(0)} ± ${error.toFixed(0)} MB of ${mean.toFixed(0)} in ${length.toFixed(0)} s; ${before.toFixed(0)} in the first half, ${max.toFixed(0)} at most`,
    met: by - error < maxShare * mean,
  };
}

export const judgeLoop = ({ loop, work }: LoopStats): Check => ({
  name: `CPU of the main thread between two ticks of 10 ms: p99 under ${MAX_STEP_MS} ms`,
  figure: `${work.p99.toFixed(1)} ms, max ${work.max.toFixed(0)}; elapsed: p99 ${loop.p99.toFixed(1)} ms, p50 ${loop.p50.toFixed(1)}, max ${loop.max.toFixed(0)}`,
  met: work.p99 < MAX_STEP_MS,
});
