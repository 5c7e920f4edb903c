/** Loaded into the server's process before the server (`--import`): what can be seen of it from inside only. */
import { subscribe } from 'node:diagnostics_channel';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two turns of a timer. */
const RESOLUTION_MS = 10;

/** What the process tells when it is asked. Times in milliseconds. */
export interface LoopStats {
  /** Between two turns of the timer, so about 10 where nothing is late. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU of the loop's thread between two turns: what is late by its own work, and not for want of a CPU. */
  readonly work: { readonly p99: number; readonly max: number };
  /** Requests that node:http has begun to answer. */
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
  const answer: LoopStats = {
    loop: { p50: late(50), p99: late(99), max: loop.max / 1e6 },
    work: { p99: work.percentile(99) / 1000, max: work.max / 1000 },
    accepted,
  };
  process.send?.(answer);
  // Each answer is about the time since the one before.
  loop.reset();
  work.reset();
  accepted = 0;
});
// It must not keep the server alive that wants to end.
process.channel?.unref();

process.on('exit', () => process.stdout.write(`accepted ${accepted}\n`));
