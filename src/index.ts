/** The Lambda entry for buffered front doors: REST API, HTTP API, Function URL, Application Load Balancer. */
import { loadConfig } from './config.ts';
import { createHandler } from './handler.ts';
import { openRegistry } from './key-store.ts';

const config = loadConfig(process.env);
// Before the first request: a wrong registry keeps the deployment from starting.
const keys = await openRegistry(config, console.log);

export const handler = createHandler(config, { goesOn: false, ...(keys && { keys }) });
