/** The Lambda entry for buffered front doors: REST API, HTTP API, Function URL, Application Load Balancer. */
import { startHandler } from './start.ts';

export const handler = await startHandler(process.env);
