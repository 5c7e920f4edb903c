/** The Lambda entry for buffered front doors: REST API, HTTP API, Function URL, Application Load Balancer. */
import { loadConfig } from './config.ts';
import { createHandler } from './handler.ts';
import { createRegistry, readerOf } from './key-store.ts';

const config = loadConfig(process.env);
const read = readerOf(config);
// Before the first request: a wrong registry keeps the deployment from starting.
const keys = read && (await createRegistry(read, { refresh: config.apiKeysRefresh, log: console.log }));

export const handler = createHandler(config, { goesOn: false, ...(keys && { keys }) });
