/** The Lambda entry for buffered front doors: REST API, HTTP API, Function URL, Application Load Balancer. */
import { loadConfig } from './config.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler(loadConfig(process.env));
