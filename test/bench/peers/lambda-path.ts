/**
 * Runs pixgate as Lambda does, without Lambda: the handler on an event of the REST API. Events and responses are messages in JSON,
 * as between the runtime client and Lambda. `core` renders the same image without the handler. Both report their CPU time, which
 * gives the overhead around the core.
 */
import { loadConfig } from '../../../src/config.ts';
import { fetchSource } from '../../../src/fetch/source.ts';
import { parseSourceUrl } from '../../../src/fetch/source-url.ts';
import { resize } from '../../../src/image/resize.ts';
import { startHandler } from '../../../src/lambda/start.ts';
import { context, events, optionsOf } from '../../requests.ts';
import type { Job } from '../classes.ts';

export interface LambdaJob extends Job {
  readonly id: number;
  readonly key: string;
  readonly core: boolean;
}
export interface LambdaResult {
  readonly id: number;
  readonly status: number;
  readonly type: string;
  /** In base64. */
  readonly body: string;
  /** Milliseconds of CPU. */
  readonly cpu: number;
}

const config = loadConfig(process.env);
const handler = await startHandler(process.env, { log: () => {} });

async function wholePath({ key, source, w, f }: LambdaJob) {
  const result = await handler(events.rest({ k: key, u: source, w, f, q: 80 }), context());
  return { status: result.statusCode, type: String(result.headers?.['Content-Type']), body: result.body };
}

async function core({ source, w, f }: LambdaJob) {
  const policy = { allowedNetworks: config.sourceAllowedNetworks };
  const { signal } = new AbortController();
  const { bytes, format } = await fetchSource(parseSourceUrl(source), policy, config, signal);
  const options = optionsOf({ u: source, w, f });
  const { data } = await resize({ source: { bytes, format }, options, accept: undefined, limits: config });
  return { status: data.length ? 200 : 500, type: '', body: '' };
}

process.on('message', async (ask: LambdaJob) => {
  const before = process.cpuUsage();
  const result = await (ask.core ? core : wholePath)(ask);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ id: ask.id, ...result, cpu: (user + system) / 1000 } satisfies LambdaResult);
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
