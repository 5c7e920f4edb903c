/** npm start: serves the handler over node:http, with the playground, sample images and docs. Needs no AWS account and no network. */

import { type Config, loadConfig } from '../config.ts';
import { createHandler, type HandlerOptions } from '../handler.ts';
import { sha256 } from '../keys/registry.ts';
import { openStores } from '../keys/store.ts';
import { createHostCheck } from '../server/hosts.ts';
import { listen, stopAtSignal, withKeysFile } from '../server/listen.ts';
import { createRateLimit } from '../server/rate-limit.ts';
import { explainStartupError } from '../server/startup-error.ts';
import { createOwnImages } from './own-images.ts';
import { SAMPLES } from './samples.ts';
import { createStatic } from './static.ts';

/** The API key if none is configured. It is public: the README has it, and the page sends it to every visitor. */
const DEMO_KEY = 'myKey';

/** Starts listening, with the playground, samples and docs; see `listen`. */
export const startServer = (config: Config, options: HandlerOptions = {}) =>
  listen(config, ({ origin, port }) => {
    const samples = new URL('/samples/', origin).href;
    const names = { p: Object.keys(config.presets), mark: config.marks.map(({ name }) => name) };
    const hasDemoKey = config.apiKeys.some((key) => key.sha256 === sha256(DEMO_KEY));
    const ownImages = createOwnImages(config.sourceMaxBytes);
    const findStatic = createStatic({ samples, key: hasDemoKey ? DEMO_KEY : '', names }, config.compat.length > 0);
    return {
      handler: createHandler(config, { localSamplesPrefix: samples, ...options }),
      findFile: (target, headers) => ownImages.find(target) ?? findStatic(target, headers),
      receive: ownImages.receive,
      isOwnHost: createHostCheck({ ...config, port }),
    };
  });

/** Returns the message of a successful start: URLs to open, and a command for a shell. */
function greeting(origin: string, key: string): string {
  const example = `${origin}/?k=${encodeURIComponent(key).replaceAll("'", '%27')}&u=${encodeURIComponent(`${origin}/samples/landscape.jpg`)}&w=320`;
  // The page removes the key from its own URL and stores it for this server only.
  const page = `${origin}/${key === DEMO_KEY ? '' : `#k=${encodeURIComponent(key)}`}`;
  return [
    `Open ${page} in a browser: choose an image, move a slider, copy the embed code.`,
    '',
    'An image resized to 320 px:',
    `  ${example}`,
    'The same with curl:',
    `  curl -o small.jpg '${example}'`,
    'Sample images for u:',
    `  ${origin}/samples/ and ${SAMPLES.join(', ')}`,
    '',
    `Listening on ${origin}. Press Ctrl-C to stop.`,
  ].join('\n');
}

/** Returns the key of the first `id:key` pair, for the example; `KEY` for a JSON registry, which has hashes only. */
const exampleKey = (text: string) => /^\s*[A-Za-z0-9_.-]+:([^\s:,]+)/.exec(text)?.[1] ?? 'KEY';

/** Adds the demo key if no keys are configured. */
function withDemoKey(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hasKeys =
    env.API_KEYS || env.API_KEYS_SSM || env.API_KEYS_SECRET || env.ALLOW_ANONYMOUS === 'on' || env.PUBLIC === 'on';
  return hasKeys ? env : { ...env, API_KEYS: `demo:${DEMO_KEY}` };
}

async function main() {
  const env = withDemoKey(withKeysFile(process.env));
  const config = loadConfig(env);
  const { options, warnings } = await openStores(config, console.log);
  for (const message of [...config.warnings, ...warnings]) console.error(message);
  const { stop, origin } = await startServer(config, { ...options, limitRate: createRateLimit() });
  console.log(greeting(origin, exampleKey(env.API_KEYS ?? '')));
  stopAtSignal(() => {
    console.log('Finishing the requests in flight. Press Ctrl-C again to stop now.');
    stop();
  });
}

if (import.meta.main)
  main().catch(async (error: unknown) => {
    console.error(await explainStartupError(error));
    process.exitCode = 1;
  });
