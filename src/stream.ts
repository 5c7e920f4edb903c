/**
 * The Lambda entry for front doors that stream: a Function URL in mode RESPONSE_STREAM, a REST API with response streaming. A
 * function of its own, since no code can see which door has called it.
 */
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { loadConfig } from './config.ts';
import { createHandler } from './handler.ts';
import { openRegistry } from './key-store.ts';

const config = loadConfig(process.env);
const keys = await openRegistry(config, console.log);

export const handler = createHandler(config, {
  goesOn: false,
  streaming: executionModeStreamifyResponse,
  ...(keys && { keys }),
});
