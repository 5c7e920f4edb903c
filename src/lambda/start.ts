/** Starts the handler, for both Lambda entry points. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { loadConfig } from '../config.ts';
import { createHandler, type Handler, type HandlerOptions } from '../handler.ts';
import { openStores } from '../keys/store.ts';
import { keyRefreshMetric } from '../middlewares/metrics.ts';

/**
 * Disables incremental marking. Sources and frames are outside of V8's heap and are freed with their image, but their size
 * makes V8 start to mark its heap, step by step, for almost every large image. Measured without it: 60 ms of CPU instead of 80
 * for a photograph of 12 megapixels at 640 px, 48 instead of 70 for a large PNG, the same for a small one, and 26 MB more at
 * the peak.
 */
setFlagsFromString('--no-incremental-marking');

/**
 * Writes one line to standard output. Not by the runtime's `console`, which writes a time and an id before each line:
 * CloudWatch finds metrics only in a line that is JSON from its beginning.
 */
export const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Workers for each vCPU on Lambda Managed Instances, where the runtime client starts them as threads of one process. */
const WORKERS_PER_VCPU = 8;

/**
 * Returns the memory of one handler in bytes: the function's, or on Lambda Managed Instances its part of it.
 *
 * @returns undefined outside of Lambda
 */
export function functionMemory(env: Readonly<Record<string, string | undefined>>, vcpus: number): number | undefined {
  const megabytes = Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  if (!(megabytes > 0)) return undefined;
  const isShared = env.AWS_LAMBDA_MAX_CONCURRENCY !== undefined;
  const workers = isShared ? Number(env.AWS_LAMBDA_NODEJS_WORKER_COUNT) || WORKERS_PER_VCPU * vcpus : 1;
  return (megabytes * 1_048_576) / workers;
}

/**
 * Creates the handler of one function before the first request: an invalid setting or registry stops the deployment.
 *
 * @param env settings, as environment variables
 * @param extras options that the entry point adds
 * @throws TypeError of `loadConfig` and `openStores`
 */
export async function startHandler(
  env: Readonly<Record<string, string | undefined>>,
  extras: HandlerOptions = {},
): Promise<Handler> {
  const config = loadConfig(env);
  const { options, warnings } = await openStores(config, write, () => keyRefreshMetric(config, Date.now()));
  for (const message of [...config.warnings, ...warnings]) write(JSON.stringify({ level: 'WARN', message }));
  const memory = functionMemory(env, availableParallelism());
  return createHandler(config, { allowBackgroundWork: false, memory, log: write, ...extras, ...options });
}
