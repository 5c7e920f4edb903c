/** Calls the whole product: a handler with a test configuration, and requests over a real socket. */
import http, { type IncomingHttpHeaders } from 'node:http';
import { loadConfig } from '../src/config.ts';
import { createHandler, type Handler, type HandlerOptions } from '../src/handler.ts';
import type { GatewayResponse } from '../src/http/event.ts';
import { DEFAULTS, type ImageOptions } from '../src/options.ts';
import { events } from './event-sources.ts';
import { checkForSecrets } from './secrets.ts';

export const KEY = 'test-key-1';

/** Loads a configuration that may fetch from the tests' own origin servers. */
export const testConfig = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({ API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', PORT: '0', ...env });

/** Creates a handler with that configuration. Its log is checked for secrets, and dropped unless `log` takes it. */
export const testHandler = (
  env: Readonly<Record<string, string>> = {},
  log: (line: string) => void = () => {},
  options: HandlerOptions = {},
): Handler =>
  createHandler(testConfig(env), {
    ...options,
    log: (line) => {
      checkForSecrets(line);
      log(line);
    },
  });

export { events };

type Headers = Readonly<Record<string, string>>;

/** A response as a client gets it. */
export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const lower = (headers: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

export function toReply(result: GatewayResponse): Reply {
  return {
    status: result.statusCode,
    headers: lower(result.headers ?? result.multiValueHeaders ?? {}),
    body: Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Creates a Lambda context with that remaining time in milliseconds. */
export const context = (remainingMs = 28_000) => {
  const end = Date.now() + remainingMs;
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => end - Date.now() };
};

/** Reads the code of a problem document, or of the error behind a fallback image. */
export const codeOf = ({ body, headers }: Pick<Reply, 'body' | 'headers'>): string =>
  headers['pixgate-fallback'] ?? JSON.parse(body.toString()).code;

/** Sends one request over a socket. Its target stays byte for byte, while fetch would normalise it. */
export function request(base: string, target: string, headers: Headers = {}, method = 'GET'): Promise<Reply> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = http.request(
      { hostname, port, path: target, method, headers, agent: false, timeout: 40_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: lower(response.headers as IncomingHttpHeaders),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent
      .on('timeout', () => sent.destroy(new Error('no response in time')))
      .on('error', reject)
      .end();
  });
}

/** Returns a validated query: the defaults, and the options that a test is about. */
export const optionsOf = (options: Partial<ImageOptions>): ImageOptions => ({ u: '', ...DEFAULTS, ...options });
