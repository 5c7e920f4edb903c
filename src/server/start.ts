/** node server.mjs: the server of containers and other hosts: images and `/health` only, with keys that are configured. */
import './allocator.cjs';
import { setFlagsFromString } from 'node:v8';
import { type Config, loadConfig } from '../config.ts';
import { createHandler, type HandlerOptions } from '../handler.ts';
import { openStores } from '../keys/store.ts';
import { keyRefreshMetric } from '../middlewares/metrics.ts';
import { createHostCheck } from './hosts.ts';
import { listen, type StaticFile, stopAtSignal, withKeysFile } from './listen.ts';
import { createRateLimit } from './rate-limit.ts';
import { explainStartupError } from './startup-error.ts';

// As on Lambda, see lambda/start.ts.
setFlagsFromString('--no-incremental-marking');

/** Milliseconds between a signal and the first refused connection: a proxy that reads `/health` sends nothing here by then. */
const DRAIN_MS = 5000;

const health = (isStopping: boolean): StaticFile => ({
  status: isStopping ? 503 : 200,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  body: JSON.stringify({ status: isStopping ? 'stopping' : 'ready' }),
});

/** Starts listening. A `Host` is checked only if `OWN_HOSTS` names some: a server behind a proxy cannot know its public names. */
const startServer = (config: Config, options: HandlerOptions) =>
  listen(config, ({ port, isStopping }) => ({
    handler: createHandler(config, options),
    findFile: (target) => (target === '/health' ? health(isStopping()) : undefined),
    isOwnHost: config.ownHosts.length ? createHostCheck({ ...config, port }) : () => true,
  }));

const log = (level: string, message: string) =>
  console.log(JSON.stringify({ level, message, timestamp: new Date().toISOString() }));

async function main() {
  const config = loadConfig(withKeysFile(process.env));
  const { options, warnings } = await openStores(config, console.log, () => keyRefreshMetric(config, Date.now()));
  for (const message of [...config.warnings, ...warnings]) log('WARN', message);
  const { stop, origin } = await startServer(config, { ...options, limitRate: createRateLimit() });
  log('INFO', `Listening on ${origin}`);
  stopAtSignal(() => {
    log('INFO', 'Stopping: /health is 503, new connections are refused in 5 s');
    stop(DRAIN_MS);
  });
}

main().catch(async (error: unknown) => {
  console.error(await explainStartupError(error));
  process.exitCode = 1;
});
