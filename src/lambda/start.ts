/** Starts the handler, for both Lambda entry points. */
import { setFlagsFromString } from 'node:v8';
import { loadConfig } from '../config.ts';
import { createHandler, type Handler, type HandlerOptions } from '../handler.ts';
import { openRegistry } from '../keys/store.ts';

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
const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * Creates the handler of one function before the first request: an invalid setting or registry stops the deployment.
 *
 * @param env settings, as environment variables
 * @param extras options that the entry point adds
 * @throws TypeError of `loadConfig` and `openRegistry`
 */
export async function startHandler(
  env: Readonly<Record<string, string | undefined>>,
  extras: HandlerOptions = {},
): Promise<Handler> {
  const config = loadConfig(env);
  for (const message of config.warnings) write(JSON.stringify({ level: 'WARN', message }));
  const keys = await openRegistry(config, write);
  return createHandler(config, { allowBackgroundWork: false, log: write, ...extras, ...(keys && { keys }) });
}
