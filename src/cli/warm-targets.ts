/** Where `pixgate warm` sends its work: requests to a deployment, or messages to its queue. */
import { setTimeout } from 'node:timers/promises';
import { expiresIn, generate, sign } from '../client/url.ts';
import { presetParameters } from '../lambda/batch-presets.ts';

/** A failure that all further sources would have: the run ends. */
export class FatalError extends Error {}

/** Warms some sources. @returns why one failed, by source @throws FatalError */
export type Warm = (sources: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface Credentials {
  readonly key?: string | undefined;
  /** Id of a key in mode signed, whose secret is `key`. */
  readonly id?: string | undefined;
}

/** Days until the URLs of a run expire. */
const SIGNED_DAYS = 2;
const TIMEOUT = 60_000;
/** Attempts for a response that may pass by itself. */
const ATTEMPTS = 4;
/** Maximum seconds between two attempts. */
const MAX_WAIT = 30;

const isTransient = (status: number) => status === 429 || status >= 500;

/** Requests one image, and reads it to its end. @returns why it failed @throws FatalError if no request can succeed */
async function request(url: string, accept: string, attempt = 1): Promise<string | undefined> {
  const headers = { accept: accept || '*/*' };
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) }).catch(
    (error: Error) => error,
  );
  const status = response instanceof Error ? 599 : response.status;
  if (isTransient(status) && attempt < ATTEMPTS) {
    const retryAfter = response instanceof Error ? 0 : Number(response.headers.get('retry-after')) || 0;
    if (!(response instanceof Error)) await response.body?.cancel();
    await setTimeout(Math.min(MAX_WAIT, Math.max(retryAfter, 2 ** attempt / 4)) * 1000);
    return request(url, accept, attempt + 1);
  }
  if (response instanceof Error) return `no response: ${response.cause ?? response.message}`;
  const body = await response.text();
  if (status === 200) return undefined;
  const { code = status, detail = '' } = parseProblem(body);
  if (status === 401) throw new FatalError(`The deployment refuses the key. ${detail}`);
  return `${code}${detail && `: ${detail}`}`;
}

function parseProblem(body: string): { code?: string; detail?: string } {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

/**
 * Returns a function that requests each image of a source: for each preset and each `Accept` header.
 *
 * @param base URL of the deployment
 */
export function requestTarget(
  base: string,
  presets: readonly string[],
  accepts: readonly string[],
  { key, id }: Credentials,
): Warm {
  const exp = expiresIn(SIGNED_DAYS);
  const urlOf = (source: string, preset: string) => {
    const { p, dpr } = presetParameters(preset);
    const options = { p, ...(dpr !== undefined && { dpr: Number(dpr) }) };
    if (id !== undefined && key !== undefined) return sign(base, source, { id, secret: key }, { ...options, exp });
    return generate(base, source, { ...options, ...(key !== undefined && { k: key }) });
  };
  return async (sources) => {
    const failures = new Map<string, string>();
    for (const source of sources)
      for (const preset of presets) {
        const url = await urlOf(source, preset);
        for (const accept of accepts) {
          const reason = failures.has(source) ? undefined : await request(url, accept);
          if (reason !== undefined) failures.set(source, reason);
        }
      }
    return failures;
  };
}

/** Returns a function that sends a message for each source to the queue of the batch function, with AWS's default region and credentials. */
export async function queueTarget(QueueUrl: string, presets: readonly string[]): Promise<Warm> {
  const { SendMessageBatchCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient({});
  return async (sources) => {
    const Entries = sources.map((u, i) => ({
      Id: String(i),
      MessageBody: JSON.stringify({ u, presets: presets.join(',') }),
    }));
    const { Failed = [] } = await client
      .send(new SendMessageBatchCommand({ QueueUrl, Entries }))
      .catch((error: Error) => {
        throw new FatalError(`The queue does not take messages: ${error.message}`);
      });
    return new Map(Failed.map(({ Id, Message = 'not sent' }) => [sources[Number(Id)] ?? '', Message]));
  };
}
