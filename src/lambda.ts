/** What both entries of Lambda begin with. */
import { loadConfig } from './config.ts';
import { createHandler, type Extras, type Handler } from './handler.ts';
import { openRegistry } from './key-store.ts';

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
  extras: Extras = {},
): Promise<Handler> {
  const config = loadConfig(env);
  const keys = await openRegistry(config, write);
  return createHandler(config, { goesOn: false, log: write, ...extras, ...(keys && { keys }) });
}
