/** The one module that opens sockets to a stranger's address: one GET, to checked addresses only. */
import type { IncomingMessage } from 'node:http';
import { isIPv6, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ImageError } from '../errors.ts';
import { keepAlive } from './agent.ts';
import { unreachable } from './ssrf.ts';

// An import would read every export, of which some load Node's whole fetch: 31 CPU ms of a cold start against 3.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** Nothing of the caller's request goes to the origin but the validators that the origin itself gave out. CDN-Loop (RFC 8586) is how we know ourselves again. */
const HEADERS = {
  Accept: 'image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml,image/tiff,image/*;q=0.8',
  'Accept-Encoding': 'identity',
  'CDN-Loop': 'pixgate',
  'User-Agent': 'pixgate',
};

/** The socket may connect to the checked addresses only. Not called for literals; those are checked before. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_name, options, callback) => {
    const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]?.address ?? '', all[0]?.family);
  };

const sameAddress = (a: string, b: string) => a === b || ipaddr.process(a).toString() === ipaddr.process(b).toString();

/** What the origin gave earlier to know its picture again (RFC 9110, 8.8): sent back to ask whether it has changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

const conditions = ({ etag, lastModified }: Validators) => ({
  ...(etag !== undefined && { 'If-None-Match': etag }),
  ...(lastModified !== undefined && { 'If-Modified-Since': lastModified }),
});

/** A kept connection that serves no second request (RFC 9112, 9.3.1; 408: RFC 9110, 15.5.9) is as good as closed. */
const reset = (cause?: Error) =>
  Object.assign(new Error('the connection was closed', { cause }), { code: 'ECONNRESET' });

/** What ends a fetch: `signal` for whatever reason, and `stop`, which is one of its reasons, when nothing comes any more. */
export interface AbortOptions {
  readonly signal: AbortSignal;
  readonly controller: AbortController;
}

/**
 * Without proxy or HTTP/2, and no environment variable bends it.
 *
 * @param addresses from `allowedAddresses`; what the socket is connected to is compared with them once more
 * @param ending.budget ends the wait for the connection; it began with the look-up
 * @param ending.fresh whether the connection must be a new one
 * @param ending.idle milliseconds without a byte that stop the fetch
 * @returns the head of the answer, its body unread
 */
export function get(
  url: URL,
  addresses: readonly string[],
  {
    signal,
    controller: stop,
    budget,
    idle,
    validators,
    fresh,
    onConnect,
  }: AbortOptions & {
    budget: AbortSignal;
    idle: number;
    validators: Validators;
    fresh: boolean;
    onConnect: () => void;
  },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    const request = (secure ? https : http).get(url, {
      ...(fresh ? { agent: false } : keepAlive(url, addresses)),
      lookup: pinned(addresses),
      headers: { ...HEADERS, ...conditions(validators) },
      maxHeaderSize: 16_384,
      timeout: idle,
      signal,
    });
    const late = () => request.destroy(unreachable(new Error('connecting took too long')));
    if (budget.aborted) late();
    budget.addEventListener('abort', late, { once: true });
    const settle = () => budget.removeEventListener('abort', late);
    const connected = () => {
      settle();
      onConnect();
    };
    request.on('socket', (socket) => {
      if (request.reusedSocket) {
        // Node leaves a hint of the origin's in its place where the two are equal otherwise.
        socket.setTimeout(idle);
        return settle();
      }
      socket.once('connect', () => {
        const peer = socket.remoteAddress;
        if (!peer || !addresses.some((address) => sameAddress(address, peer)))
          request.destroy(unreachable(new Error('connected to an address that was not checked')));
      });
      socket.once(secure ? 'secureConnect' : 'connect', connected);
    });
    request.on('timeout', () => stop.abort());
    const fail = (error: Error) =>
      reject(request.reusedSocket && !(error instanceof ImageError) ? reset(error) : error);
    request.on('error', fail);
    // Node closes without a word what answers by another protocol (101).
    const closed = () => {
      settle();
      reject(unreachable(new Error('closed without an answer')));
    };
    request.once('close', closed);
    request.once('response', (response) => {
      request.off('close', closed);
      if (request.reusedSocket && response.statusCode === 408) {
        response.destroy();
        return reject(reset());
      }
      resolve(response);
    });
  });
}
