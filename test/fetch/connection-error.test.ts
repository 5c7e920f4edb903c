/**
 * What is said of a host that could not be reached: the reason, if it is public; one sentence, if it is not. Public IP addresses
 * are diverted to servers of this test, after all checks.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type LookupFunction } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { connectionErrorReason } from '../../src/fetch/connection-error.ts';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseNetwork } from '../../src/fetch/ssrf.ts';
import { hasOpenssl, makeCertificate } from '../certificates.ts';
import { testConfig } from '../requests.ts';

const photo = readFileSync(new URL('../fixtures/cases/files/std-quad.png', import.meta.url));
const limits = testConfig({ SOURCE_CONNECT_TIMEOUT: '1500' });
const PUBLIC = '93.184.216.34';

/** Port on this machine by host name; undefined for a host that never responds. */
const ports = new Map<string, number | undefined>();
const servers: net.Server[] = [];
const listen = async (name: string, server: net.Server) => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports.set(name, (server.address() as AddressInfo).port);
};

beforeAll(() => {
  const connect = net.Socket.prototype.connect;
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...args: unknown[]) {
    const [options] = args.flat() as [{ host: string; lookup?: LookupFunction }];
    if (net.isIP(options.host)) return connect.apply(this, args as never);
    const port = ports.get(options.host);
    Object.defineProperty(this, 'remoteAddress', { get: () => PUBLIC });
    if (port === undefined) return Object.assign(this, { connecting: true });
    return connect.apply(this, [{ host: '127.0.0.1', port }] as never);
  } as typeof connect);
});
afterAll(() => {
  vi.restoreAllMocks();
  for (const server of servers) server.close();
});

const policy = {
  allowedNetworks: [parseNetwork('127.0.0.0/8')],
  ownHosts: ['img.example.org'],
  resolve: async (name: string) => {
    if (name.startsWith('inward.')) return ['10.0.0.7'];
    if (!ports.has(name)) throw Object.assign(new Error(`queryA ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return [PUBLIC];
  },
};
const errorOf = async (url: string): Promise<ImageError> => {
  try {
    await fetchSource(new URL(url), policy, limits, new AbortController().signal);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error('fetched');
};
const messageOf = async (url: string) => (await errorOf(url)).message;
const unreachable = (reason?: string) => `The host of this URL could not be reached${reason ? `: ${reason}` : ''}.`;
const NO_NAME = unreachable('its name does not exist, or has no public IP address');

describe('a name', () => {
  test('that does not exist, and one that resolves inward, are told in the same words', async () => {
    expect(await messageOf('https://none.example.com/')).toBe(NO_NAME);
    expect(await messageOf('https://inward.example.com/')).toBe(NO_NAME);
  });
});

describe('a connection', () => {
  test('refused', async () => {
    const closed = http.createServer();
    await listen('refused.example.com', closed);
    const port = ports.get('refused.example.com');
    await new Promise((resolve) => closed.close(resolve));
    expect(await messageOf('http://refused.example.com/')).toBe(unreachable('it refused the connection'));
    expect(await messageOf(`http://127.0.0.1:${port}/`)).toBe(unreachable());
  });

  test('that is never accepted', async () => {
    ports.set('slow.example.com', undefined);
    expect(await errorOf('http://slow.example.com/')).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: unreachable('it did not accept the connection in time'),
    });
  });

  test('closed without a response', async () => {
    await listen(
      'reset.example.com',
      net.createServer((socket) => socket.on('data', () => socket.resetAndDestroy())),
    );
    expect(await messageOf('http://reset.example.com/')).toBe(
      unreachable('it closed the connection without a response'),
    );
    expect(await messageOf(`http://127.0.0.1:${ports.get('reset.example.com')}/`)).toBe(unreachable());
  });

  test('to a server that is not HTTP', async () => {
    await listen(
      'ssh.example.com',
      net.createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.9\r\n')),
    );
    expect(await messageOf('http://ssh.example.com/')).toBe('The origin did not send a valid HTTP response.');
  });

  test('without TLS at an https URL, and with a handshake that fails', async () => {
    await listen(
      'plain.example.com',
      http.createServer((_request, response) => response.end(photo)),
    );
    expect(await messageOf('https://plain.example.com/')).toBe(
      unreachable('it does not use TLS at this port: try http://'),
    );
    const alert = Buffer.from('15030100020228', 'hex');
    await listen(
      'alert.example.com',
      net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(alert))),
    );
    expect(await messageOf('https://alert.example.com/')).toBe(unreachable('the TLS handshake failed'));
  });
});

describe.skipIf(!hasOpenssl)('a certificate', async () => {
  if (!hasOpenssl) return;
  const root = makeCertificate('Root', { isAuthority: true });
  const middle = makeCertificate('Middle', { issuer: root, isAuthority: true });
  const stranger = makeCertificate('Stranger', { isAuthority: true });
  const before = tls.getCACertificates();
  beforeAll(() => tls.setDefaultCACertificates([...before, root.cert]));
  afterAll(() => tls.setDefaultCACertificates(before));

  const serve = async (name: string, { key, cert }: { key: string; cert: string }) =>
    listen(
      name,
      https.createServer({ key, cert }, (_request, response) => response.end(photo)),
    );

  test('with its whole chain is valid', async () => {
    const own = makeCertificate('good.example.com', { issuer: middle });
    await serve('good.example.com', { ...own, cert: own.cert + middle.cert });
    const { format } = await fetchSource(
      new URL('https://good.example.com/'),
      policy,
      limits,
      new AbortController().signal,
    );
    expect(format).toBe('png');
  });

  test.each<[what: string, make: (name: string) => { key: string; cert: string }, reason: string]>([
    [
      'expired',
      (name) => makeCertificate(name, { issuer: root, notAfter: '20210101000000Z' }),
      'its certificate has expired',
    ],
    [
      'early',
      (name) => makeCertificate(name, { issuer: root, notBefore: '20980101000000Z' }),
      'its certificate is not valid yet',
    ],
    ['other', () => makeCertificate('www.example.net', { issuer: root }), 'its certificate is for another host name'],
    ['selfsigned', (name) => makeCertificate(name), 'its certificate is self-signed'],
    [
      'incomplete',
      (name) => makeCertificate(name, { issuer: middle }),
      'the server does not send its intermediate certificate',
    ],
    [
      'stranger',
      (name) => {
        const own = makeCertificate(name, { issuer: stranger });
        return { ...own, cert: own.cert + stranger.cert };
      },
      'its certificate is of an authority that is not trusted',
    ],
  ])('that is not valid: %s', async (what, make, reason) => {
    const name = `${what}.example.com`;
    await serve(name, make(name));
    expect(await errorOf(`https://${name}/`)).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: unreachable(reason),
    });
    // Not public: nothing of the certificate.
    expect(await messageOf(`https://127.0.0.1:${ports.get(name)}/`)).toBe(unreachable());
  });
});

describe('a redirect is named when what follows it fails', () => {
  const SECRET = 'hush';
  let location = '';
  beforeAll(async () => {
    await listen(
      'start.example.com',
      http.createServer((_request, response) => response.writeHead(302, { location }).end()),
    );
    await listen(
      'accounts.example.com',
      http.createServer((request, response) => {
        if (request.url?.startsWith('/status')) response.writeHead(Number(request.url.slice(7, 10))).end();
        else if (request.url?.startsWith('/text'))
          response.end('hello, this is not an image at all, and it is long enough');
        else response.end(request.url?.startsWith('/empty') ? '' : '<!doctype html><title>Sign in</title>'.padEnd(100));
      }),
    );
  });

  test.each<[to: string, message: RegExp | string]>([
    ['http://accounts.example.com/login', /^The origin redirected to accounts\.example\.com, which returned HTML\. /],
    [
      'http://accounts.example.com/text',
      /^The origin redirected to accounts\.example\.com, which returned no image\. /,
    ],
    ['http://accounts.example.com/empty', 'The origin redirected to accounts.example.com, which sent an empty body.'],
    ['http://accounts.example.com/status500', 'The origin redirected to accounts.example.com, which returned 500.'],
    [
      'http://accounts.example.com/status404',
      'The origin redirected to accounts.example.com, which returned 404: there is no such image.',
    ],
    [
      'http://none.example.com/',
      'The origin redirected to none.example.com, which could not be reached: its name does not exist, or has no public IP address.',
    ],
    [
      'http://inward.example.com/',
      'The origin redirected to inward.example.com, which could not be reached: its name does not exist, or has no public IP address.',
    ],
    [
      'http://10.0.0.7/',
      'The origin redirected to a URL that may not be fetched: its host is a private or reserved IP address.',
    ],
    ['http://db.internal/', 'The origin redirected to a URL that may not be fetched: its host is a private name.'],
    [
      'http://accounts.example.com:22/',
      'The origin redirected to a URL that may not be fetched: its port is not 80 or 443.',
    ],
    ['http://start.example.com/', 'The origin sent too many redirects.'],
  ])('to %s', async (to, message) => {
    location = `${to}?token=${SECRET}`;
    const error = await errorOf(`http://start.example.com/?k=${SECRET}`);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    // The log has each request, and no secret.
    const { message: requests } = error.cause as Error;
    expect(requests).toMatch(/^http:\/\/start\.example\.com \(93\.184\.216\.34\) → 302; http:\/\//);
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      expect(`${each.stack}`).not.toContain(SECRET);
  });

  test('with a password in it: nothing of it is told', async () => {
    location = `http://me:${SECRET}@accounts.example.com/`;
    const error = await errorOf('http://start.example.com/');
    expect(error.message).toBe('The origin redirects to an invalid URL.');
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      expect(`${each.stack}`).not.toContain(SECRET);
  });

  test('a 401 or 403 names what we send', async () => {
    const advice =
      /We send no Referer and no cookies: let it allow the user agent pixgate\/\d+\.\d+\.\d+ \(\+https:\/\/img\.example\.org\/\), or set SOURCE_HEADERS\.$/;
    for (const status of [401, 403])
      expect(await messageOf(`http://accounts.example.com/status${status}`)).toMatch(advice);
    expect(await messageOf('http://accounts.example.com/status402')).toBe('The origin returned 402.');
  });
});

test('several IP addresses: the first reason that is known', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code });
  const all = (...codes: string[]) => Object.assign(new AggregateError(codes.map(coded)), { code: codes[0] });
  expect(connectionErrorReason(all('ENETUNREACH', 'ECONNREFUSED'))).toBe('it refused the connection');
  expect(connectionErrorReason(all('ENETUNREACH', 'EHOSTUNREACH'))).toBeUndefined();
  expect(connectionErrorReason(coded('ERR_SSL_NO_CIPHER_MATCH'))).toBe('the TLS handshake failed');
  expect(connectionErrorReason(coded('CERT_SIGNATURE_FAILURE'))).toBe('its certificate is not valid');
  for (const other of [coded('constructor'), coded('EMFILE'), new Error('x'), undefined, null, 'ECONNREFUSED'])
    expect(connectionErrorReason(other)).toBeUndefined();
});
