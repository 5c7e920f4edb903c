/** Sends one GET to an untrusted host, to checked IP addresses only. The one module that opens sockets to origins. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIPv6, type LookupFunction, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ImageError } from '../errors.ts';
import { keepAlive } from './agent.ts';
import { unreachable } from './errors.ts';
import { MAX_HEAD_BYTES, repairResponses } from './response-head.ts';

// Not imported: an import reads every export, of which some load Node's whole fetch, 31 ms of CPU at a cold start against 3.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/**
 * Headers of every request, unless `SOURCE_HEADERS` replaces them. Nothing of the client's request is forwarded but validators that the origin itself sent earlier.
 * CDN-Loop (RFC 8586) marks our requests, so that one that comes back to us is detected.
 */
const HEADERS = {
  'Accept-Encoding': 'identity',
  'CDN-Loop': 'pixgate',
};

/** The validators of an earlier response of the origin (RFC 9110, 8.8), sent to revalidate it. */
export interface Validators {
  readonly etag?: string | undefined;
  /** A date of HTTP. */
  readonly lastModified?: string | undefined;
  /** Digest of the URL that gave them, if that was the target of a redirect: they are sent to that URL only. */
  readonly finalUrl?: string | undefined;
}

/** How a fetch is aborted. `controller` is one of the sources of `signal`; it is used for the idle timeout. */
export interface AbortOptions {
  readonly signal: AbortSignal;
  readonly controller: AbortController;
}

export type Connection = 'reuse' | 'new' | 'repair';

/** How to send one GET. */
export interface GetOptions extends AbortOptions {
  /** Ends the wait for the connection. Its timeout includes the DNS look-up. */
  readonly connectSignal: AbortSignal;
  /** Milliseconds without a byte after which the fetch is aborted by `controller`. */
  readonly idleTimeoutMs: number;
  readonly validators: Validators;
  /** The value of `Accept`. */
  readonly accept: string;
  /** Headers of the deployment for this URL: they replace those of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The value of `User-Agent`. */
  readonly userAgent: string;
  /** `reuse`: an idle connection, if there is one; `new`: a new one; `repair`: the same, for a response that no parser takes as it is. */
  readonly connection: Connection;
  /** Called when a new connection is established, TLS included; not called for a reused one. */
  readonly onConnect: (socket: Socket) => void;
}

/** Returns a look-up that resolves to the checked IP addresses. Node skips it for IP literals, which are checked before. */
const pinnedLookup =
  (ips: readonly string[]): LookupFunction =>
  (_name, options, callback) => {
    const addresses = ips.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    if (options.all) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };

const isSameIp = (a: string, b: string) => a === b || ipaddr.process(a).toString() === ipaddr.process(b).toString();

const conditionalHeaders = ({ etag, lastModified }: Validators) => ({
  ...(etag !== undefined && { 'If-None-Match': etag }),
  ...(lastModified !== undefined && { 'If-Modified-Since': lastModified }),
});

/**
 * The error of a reused connection that fails before a response (RFC 9112, 9.3.1) or responds with 408 (RFC 9110, 15.5.9):
 * the server has closed it, so the request may be sent again.
 */
const connectionReset = (cause?: Error) =>
  Object.assign(new Error('the connection was closed', { cause }), { code: 'ECONNRESET' });

/** Fails the request when `connectSignal` aborts before it is connected. @returns a function that ends the timeout */
function startConnectTimeout(request: ClientRequest, connectSignal: AbortSignal): () => void {
  const timeout = Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT' });
  const onTimeout = () => request.destroy(timeout);
  if (connectSignal.aborted) onTimeout();
  connectSignal.addEventListener('abort', onTimeout, { once: true });
  return () => connectSignal.removeEventListener('abort', onTimeout);
}

/** Fails the request when its socket is connected to an IP address that was not checked. */
function checkPeer(request: ClientRequest, { remoteAddress }: Socket, ips: readonly string[]): void {
  if (!remoteAddress || !ips.some((ip) => isSameIp(ip, remoteAddress)))
    request.destroy(unreachable(new Error('connected to an IP address that was not checked')));
}

/** Waits for the connection: a new one is checked, a reused one gets this request's idle timeout. */
function onSocket(
  request: ClientRequest,
  socket: Socket,
  { ips, connectedEvent, idleTimeoutMs }: { ips: readonly string[]; connectedEvent: string; idleTimeoutMs: number },
  onConnected: () => void,
): void {
  if (request.reusedSocket) {
    // Node may have replaced it by the keep-alive hint of the origin.
    socket.setTimeout(idleTimeoutMs);
    onConnected();
    return;
  }
  socket.once('connect', () => checkPeer(request, socket, ips));
  socket.once(connectedEvent, onConnected);
}

/** Waits for the status line and the headers. @param onClose called when the request is closed without a response */
function waitForResponse(request: ClientRequest, onClose: () => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', (error) =>
      reject(request.reusedSocket && !(error instanceof ImageError) ? connectionReset(error) : error),
    );
    // Node closes a response in another protocol (101) without an error.
    const closed = () => {
      onClose();
      reject(unreachable(new Error('closed without a response')));
    };
    request.once('close', closed);
    request.once('response', (response) => {
      request.off('close', closed);
      if (!request.reusedSocket || response.statusCode !== 408) return resolve(response);
      response.destroy();
      reject(connectionReset());
    });
  });
}

/**
 * Sends one GET, without proxy or HTTP/2, and independent of environment variables.
 *
 * @param ips from `resolvePublicIps`; the IP address that the socket is connected to is compared with them once more
 * @returns the status and the headers; the body is not read yet
 * @throws ImageError SOURCE_UNAVAILABLE; an error of the socket or the parser; ECONNRESET when a reused connection was closed
 */
export function get(url: URL, ips: readonly string[], options: GetOptions): Promise<IncomingMessage> {
  const {
    signal,
    controller,
    connectSignal,
    idleTimeoutMs,
    validators,
    accept,
    userAgent,
    headers,
    connection,
    onConnect,
  } = options;
  const isHttps = url.protocol === 'https:';
  const request = (isHttps ? https : http).get(url, {
    ...(connection === 'reuse' ? keepAlive(url, ips) : { agent: false }),
    lookup: pinnedLookup(ips),
    headers: { Accept: accept, 'User-Agent': userAgent, ...HEADERS, ...conditionalHeaders(validators), ...headers },
    maxHeaderSize: MAX_HEAD_BYTES,
    timeout: idleTimeoutMs,
    signal,
  });
  const stopConnectTimeout = startConnectTimeout(request, connectSignal);
  const connectedEvent = isHttps ? 'secureConnect' : 'connect';
  request.on('socket', (socket) => {
    if (connection === 'repair') repairResponses(socket);
    onSocket(request, socket, { ips, connectedEvent, idleTimeoutMs }, () => {
      stopConnectTimeout();
      if (!request.reusedSocket) onConnect(socket);
    });
  });
  request.on('timeout', () => controller.abort());
  return waitForResponse(request, stopConnectTimeout);
}
