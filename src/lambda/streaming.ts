/**
 * The Lambda entry for front doors that stream: a Function URL in mode RESPONSE_STREAM, a REST API with response streaming. A
 * function of its own, since no code can see which door has called it.
 */
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { startHandler } from './start.ts';

export const handler = await startHandler(process.env, { streaming: executionModeStreamifyResponse });
