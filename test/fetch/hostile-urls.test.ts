/**
 * 225 hostile URLs in 23 families, each with its verdict. The resolver is a table; every socket is recorded with the IP
 * address that it would connect to, and diverted to a local origin that sends the redirects of the case.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo, type LookupFunction } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseSourceUrl } from '../../src/fetch/source-url.ts';
import { isPublicIp } from '../../src/fetch/ssrf.ts';
import corpus from '../fixtures/hostile/ssrf-urls.json' with { type: 'json' };
import { testConfig } from '../requests.ts';

interface Case {
  id: string;
  url: string;
  expect: 'allowed' | 'blocked' | 'bad-url';
  why: string;
  redirect?: string[];
  second?: 'allowed' | 'blocked';
  mustDialOnly?: string[];
}
const cases = corpus.urls as Case[];
const names = corpus.dns as Record<string, string[][]>;
const limits = testConfig({ SOURCE_TIMEOUT: '5000' });
const photo = readFileSync(new URL('../fixtures/cases/files/std-quad.png', import.meta.url));

let connectedTo: string[] = [];
let locations: string[] = [];
const origin = http.createServer((_request, response) => {
  const location = locations.shift();
  // Cases must not share connections.
  response.setHeader('connection', 'close');
  if (location === undefined) response.end(photo);
  // Node writes header bytes as latin1; the corpus means UTF-8.
  else response.writeHead(302, { location: Buffer.from(location).toString('latin1') }).end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const { port } = origin.address() as AddressInfo;
  const connect = net.Socket.prototype.connect;
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...args: unknown[]) {
    const [options] = args.flat() as [{ host: string; lookup?: LookupFunction }];
    const divert = (targets: string[]) => {
      connectedTo.push(...targets);
      Object.defineProperty(this, 'remoteAddress', { get: () => targets[0] });
      return connect.apply(this, [{ host: '127.0.0.1', port }] as never);
    };
    if (net.isIP(options.host)) return divert([options.host]);
    options.lookup?.(options.host, { all: true }, (_error, addresses) =>
      divert([addresses].flat().map((entry) => (typeof entry === 'string' ? entry : entry.address))),
    );
    return this;
  } as typeof connect);
});
afterAll(() => {
  vi.restoreAllMocks();
  origin.close();
});

/** A resolver by the table: one set of IP addresses per look-up, the last one repeats. */
function resolver() {
  const lookups = new Map<string, number>();
  return async (name: string) => {
    const results = names[name];
    if (!results) throw new Error('NXDOMAIN');
    const count = lookups.get(name) ?? 0;
    lookups.set(name, count + 1);
    return results[Math.min(count, results.length - 1)] ?? [];
  };
}

async function verdict(url: string, resolve: (name: string) => Promise<string[]>): Promise<string> {
  try {
    await fetchSource(
      parseSourceUrl(url),
      { allowedNetworks: [], ownHosts: corpus.policy.ownHosts, resolve },
      limits,
      new AbortController().signal,
    );
    return 'allowed';
  } catch (error) {
    const { code } = error as { code?: string };
    // The local origin has no TLS: a connection was opened, so the URL was allowed.
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? '';
    if (/SSL|EPROTO|ECONNRESET/.test(cause)) return 'allowed';
    return code === 'QUERY_INVALID'
      ? 'bad-url'
      : ['SOURCE_FORBIDDEN', 'SOURCE_UNAVAILABLE'].includes(code ?? '')
        ? 'blocked'
        : `${error}`;
  }
}

/**
 * Verdicts that differ from the corpus: here a missing scheme means https, a double encoding is decoded, and a URL may have
 * 8192 characters, since signed ones have more than 2048.
 */
const OVERRIDES: Record<string, string> = {
  'len-01': 'allowed',
  'pctbad-07': 'blocked',
  'auth-19': 'blocked',
  'auth-21': 'allowed',
  'auth-28': 'blocked',
  'scheme-14': 'blocked',
};

test('the corpus is complete', () => expect(cases).toHaveLength(225));

test.each(cases.map((hostile) => [hostile.id, hostile.why, hostile] as const))('%s %s', async (_id, _why, hostile) => {
  connectedTo = [];
  locations = [...(hostile.redirect ?? [])];
  const resolve = resolver();
  const actual = await verdict(hostile.url, resolve);
  const expected = OVERRIDES[hostile.id] ?? hostile.expect;
  // An invalid redirect is an error of the origin, not of the client: it is rejected like a blocked one.
  expect(actual).toBe(hostile.redirect && expected === 'bad-url' ? 'blocked' : expected);
  if (expected === 'allowed') expect(connectedTo.length).toBeGreaterThan(0);
  else if (!hostile.redirect) expect(connectedTo).toEqual([]);
  if (hostile.second) {
    const connectionCount = connectedTo.length;
    const lookups = hostile.why.includes('ten') ? 10 : hostile.why.includes('two public') ? 2 : 1;
    for (let i = 1; i < lookups; i++) await verdict(hostile.url, resolve);
    if (hostile.second === 'blocked' && lookups === 1) {
      expect(await verdict(hostile.url, resolve)).toBe('blocked');
      expect(connectedTo).toHaveLength(connectionCount);
    }
  }
  for (const ip of connectedTo) {
    expect(isPublicIp(ip), ip).toBe(true);
    if (hostile.mustDialOnly) expect(hostile.mustDialOnly).toContain(ip);
  }
});
