/** Lambda entry point for event sources that buffer the response: REST API, HTTP API, Function URL, Application Load Balancer. */
import { startHandler } from './start.ts';

export const handler = await startHandler(process.env);
