/** Collects statistics from inside the server's process: loaded before the server (`--import`). */
import { subscribe } from 'node:diagnostics_channel';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two ticks of the timer. */
const RESOLUTION_MS = 10;

/** Statistics of the process. Times in milliseconds. */
export interface LoopStats {
  /** Time between two ticks of the timer: about 10 without delay. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU time of the main thread between two ticks: the delay by its own work, not by a busy machine. */
  readonly work: { readonly p99: number; readonly max: number };
  /** Requests that node:http has accepted. */
  readonly accepted: number;
}

const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
loop.enable();

const work = createHistogram();
let before = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  before = process.threadCpuUsage();
  work.record(Math.max(1, user + system));
}, RESOLUTION_MS).unref();

let accepted = 0;
subscribe('http.server.request.start', () => accepted++);

process.on('message', (question) => {
  if (question !== 'watched') return;
  const late = (share: number) => loop.percentile(share) / 1e6;
  const stats: LoopStats = {
    loop: { p50: late(50), p99: late(99), max: loop.max / 1e6 },
    work: { p99: work.percentile(99) / 1000, max: work.max / 1000 },
    accepted,
  };
  process.send?.(stats);
  // Each message covers the time since the previous one.
  loop.reset();
  work.reset();
  accepted = 0;
});
// The channel must not keep the server alive.
process.channel?.unref();

process.on('exit', () => process.stdout.write(`accepted ${accepted}\n`));
