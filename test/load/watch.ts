/** Loaded into the server's process before the server (`--import`): what can be seen of it from inside only. */
import { subscribe } from 'node:diagnostics_channel';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What the process tells when it is asked. */
export interface Watched {
  /** Milliseconds between two turns of a timer of 10 ms, so about 10 where nothing is late. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Requests that node:http has begun to answer. */
  readonly accepted: number;
}

const loop = monitorEventLoopDelay({ resolution: 10 });
loop.enable();
let accepted = 0;
subscribe('http.server.request.start', () => accepted++);

const toMs = (nanoseconds: number) => nanoseconds / 1e6;

process.on('message', (question) => {
  if (question !== 'watched') return;
  const { max } = loop;
  process.send?.({
    loop: { p50: toMs(loop.percentile(50)), p99: toMs(loop.percentile(99)), max: toMs(max) },
    accepted,
  } satisfies Watched);
  // Each answer is about the time since the one before.
  loop.reset();
  accepted = 0;
});
// It must not keep the server alive that wants to end.
process.channel?.unref();

process.on('exit', () => process.stdout.write(`accepted ${accepted}\n`));
