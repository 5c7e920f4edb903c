/** What both entries of Lambda begin with. */
import { setFlagsFromString } from 'node:v8';
import { loadConfig } from '../config.ts';
import { createHandler, type Handler, type HandlerOptions } from '../handler.ts';
import { openRegistry } from '../keys/store.ts';

/**
 * Sources and frames lie outside of V8's heap and are gone with their picture; by their size alone V8 would begin to mark its
 * heap, step by step, once for almost each large one. Without the steps: 60 ms of CPU for 80 of a photograph of 12 megapixels
 * at 640 px, 48 for 70 of a large PNG, the same of a small one, and 26 MB more at the peak.
 */
setFlagsFromString('--no-incremental-marking');

/**
 * Past the runtime's `console`, which writes a time and an id before each line: CloudWatch finds metrics only in a line that
 * is JSON from its beginning.
 */
const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * The handler of one function, ready before the first request: a wrong setting or registry keeps the deployment from starting.
 *
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
