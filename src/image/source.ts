/** The one module that opens sockets: address in, checked and bounded bytes out. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import ipaddr from 'ipaddr.js';
import { ImageError } from '../errors.ts';
import { type Format, sniff } from './sniff.ts';
import { allowedAddresses, parseRedirect, type SourcePolicy, unreachable } from './ssrf.ts';

/** Bounds of one fetch; times in milliseconds. */
export interface SourceLimits {
  readonly sourceMaxBytes: number;
  readonly sourceMaxRedirects: number;
  readonly sourceConnectTimeout: number;
  readonly sourceIdleTimeout: number;
  readonly sourceTimeout: number;
}

/** A picture as the origin sent it, unpacked, whole, and known by its first bytes. */
export interface Source {
  readonly bytes: Buffer;
  readonly format: Format;
}

/** Nothing of the caller's request goes to the origin. */
const HEADERS = {
  Accept: 'image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/tiff,image/*;q=0.8',
  'Accept-Encoding': 'identity',
  'User-Agent': 'pixgate',
};

const timeout = (cause?: unknown) => new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });
const unavailable = (why: string, cause?: unknown) => new ImageError('SOURCE_UNAVAILABLE', why, { cause });
const tooLarge = (limit: number) => new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${limit} bytes.`);

/** The socket may connect to the checked addresses only. Not called for literals; those are checked before. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_name, options, callback) => {
    const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]?.address ?? '', all[0]?.family);
  };

const sameAddress = (a: string, b: string) => ipaddr.process(a).toString() === ipaddr.process(b).toString();

/** What ends a fetch: the caller's signal, the time for the whole, or `stop` with the error to tell. */
interface Ending {
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/** One GET to checked addresses, without keep-alive, proxy or HTTP/2. Resolves with the head of the answer. */
function get(
  url: URL,
  addresses: readonly string[],
  limits: SourceLimits,
  { signal, stop }: Ending,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { get } = url.protocol === 'https:' ? https : http;
    const request = get(url, {
      agent: false,
      lookup: pinned(addresses),
      headers: HEADERS,
      maxHeaderSize: 16_384,
      timeout: limits.sourceIdleTimeout,
      signal,
    });
    const connecting = setTimeout(
      () => request.destroy(unreachable('connecting took too long')),
      limits.sourceConnectTimeout,
    );
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        const peer = socket.remoteAddress;
        if (!peer || !addresses.some((address) => sameAddress(address, peer)))
          request.destroy(unreachable('connected to an address that was not checked'));
      });
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
    });
    request.on('timeout', () => stop.abort(timeout()));
    request.on('error', reject);
    request.on('close', () => clearTimeout(connecting));
    request.on('response', resolve);
  });
}

/** A failure of the socket or the parser, as the caller is told it. */
function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return signal.reason instanceof ImageError ? signal.reason : timeout(error);
  const { code = '' } = error as { code?: string };
  if (code.startsWith('HPE_')) return unavailable('The origin did not answer in HTTP.', error);
  return unreachable(error);
}

/** Follows redirects by hand, every hop through all the checks; the bodies of redirects are dropped unread. */
async function open(address: URL, policy: SourcePolicy, limits: SourceLimits, ending: Ending) {
  let url = address;
  for (let hop = 0; ; hop++) {
    const connect = AbortSignal.any([ending.signal, AbortSignal.timeout(limits.sourceConnectTimeout)]);
    const addresses = await allowedAddresses(url, policy, connect);
    const response = await get(url, addresses, limits, ending);
    const { statusCode = 0, headers } = response;
    const location = [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined;
    if (location === undefined) return response;
    response.destroy();
    if (hop >= limits.sourceMaxRedirects) throw unavailable('The origin redirects too often.');
    try {
      url = parseRedirect(location, url);
    } catch (cause) {
      throw unavailable('The origin redirects to an address that is not valid.', cause);
    }
  }
}

/** Refuses everything but a 200 with a body that may be read. */
function checkHead({ statusCode, headers }: IncomingMessage, limits: SourceLimits): void {
  if (statusCode === 404 || statusCode === 410)
    throw new ImageError('SOURCE_NOT_FOUND', `The origin answered ${statusCode}: there is no such picture.`);
  if (statusCode !== 200) throw unavailable(`The origin answered ${statusCode}.`);
  if (Number(headers['content-length']) > limits.sourceMaxBytes) throw tooLarge(limits.sourceMaxBytes);
}

/** The body with at most one layer of gzip taken off: some servers send it although `identity` was asked. */
function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw unavailable('The origin sent a Content-Encoding that was not asked for.');
  // An error of either side reaches whoever reads the end of the pipeline.
  return pipeline(response, createGunzip(), () => {});
}

/**
 * Reads a body into one buffer, counted as it arrives. The first bytes decide what it is, so that a page of HTML or an
 * endless stream costs its first chunk only. (sharp's own stream input joins all chunks before it opens them, so a
 * buffer of the announced length saves a copy and lets an animation be opened a second time with fewer frames.)
 */
async function read(response: IncomingMessage, limits: SourceLimits): Promise<Source> {
  const body = unpacked(response);
  const announced = body === response ? Number(response.headers['content-length']) : 0;
  let bytes = Buffer.allocUnsafe(announced || 65_536);
  let length = 0;
  let format: Format | undefined;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const end = length + chunk.length;
    if (end > limits.sourceMaxBytes) throw tooLarge(limits.sourceMaxBytes);
    if (end > bytes.length) bytes = Buffer.concat([bytes.subarray(0, length)], Math.max(end, bytes.length * 2));
    chunk.copy(bytes, length);
    length = end;
    format ??= sniff(bytes.subarray(0, length), false);
  }
  if (length === 0) throw unavailable('The origin sent an empty body.');
  bytes = bytes.subarray(0, length);
  return { bytes, format: format ?? sniff(bytes, true) };
}

/** A reset before any byte of an answer says nothing of the picture: asked once more. */
async function openTwice(address: URL, policy: SourcePolicy, limits: SourceLimits, ending: Ending) {
  try {
    return await open(address, policy, limits, ending);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNRESET' || ending.signal.aborted) throw error;
    return open(address, policy, limits, ending);
  }
}

/**
 * Fetches a picture: guarded, bounded in bytes and time, in memory only.
 *
 * @param address from `parseAddress`
 * @param signal the caller's deadline; it ends the look-up, the connection and the transfer
 * @throws ImageError SOURCE_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, SOURCE_UNSUPPORTED, SOURCE_UNAVAILABLE,
 *   SOURCE_TIMEOUT
 */
export async function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
): Promise<Source> {
  const stop = new AbortController();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.sourceTimeout), stop.signal]);
  let response: IncomingMessage | undefined;
  try {
    response = await openTwice(address, policy, limits, { signal: deadline, stop });
    checkHead(response, limits);
    return await read(response, limits);
  } catch (error) {
    if (response && !(error instanceof ImageError) && !deadline.aborted)
      throw unavailable('The origin cut its answer short.', error);
    throw toSourceError(error, deadline);
  } finally {
    response?.destroy();
  }
}
