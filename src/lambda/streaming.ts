/**
 * Lambda entry point for event sources that stream the response: a Function URL in mode RESPONSE_STREAM, a REST API with
 * response streaming. It needs a function of its own, because the event does not show how the function was invoked.
 */
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { startHandler } from './start.ts';

export const handler = await startHandler(process.env, { streaming: executionModeStreamifyResponse });
