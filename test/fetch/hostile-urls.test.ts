/**
 * 225 addresses that strangers send, in 23 families, each with its verdict. The resolver is a table; every socket is
 * recorded with the address that it was going to, and led to a local origin that sends the wanted redirects.
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

let dialled: string[] = [];
let locations: string[] = [];
const origin = http.createServer((_request, response) => {
  const location = locations.shift();
  // A case that was allowed must not find the connection of the one before it.
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
      dialled.push(...targets);
      Object.defineProperty(this, 'remoteAddress', { get: () => targets[0] });
      return connect.apply(this, [{ host: '127.0.0.1', port }] as never);
    };
    if (net.isIP(options.host)) return divert([options.host]);
    options.lookup?.(options.host, { all: true }, (_error, found) =>
      divert([found].flat().map((one) => (typeof one === 'string' ? one : one.address))),
    );
    return this;
  } as typeof connect);
});
afterAll(() => {
  vi.restoreAllMocks();
  origin.close();
});

/** A resolver with the answers of the table: one answer set a question, the last one repeats. */
function resolver() {
  const asked = new Map<string, number>();
  return async (name: string) => {
    const answers = names[name];
    if (!answers) throw new Error('NXDOMAIN');
    const turn = asked.get(name) ?? 0;
    asked.set(name, turn + 1);
    return answers[Math.min(turn, answers.length - 1)] ?? [];
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
    // TLS cannot be spoken with the local origin: the socket was dialled, and that is what counts.
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? '';
    if (/SSL|EPROTO|ECONNRESET/.test(cause)) return 'allowed';
    return code === 'QUERY_INVALID'
      ? 'bad-url'
      : ['SOURCE_FORBIDDEN', 'SOURCE_UNAVAILABLE'].includes(code ?? '')
        ? 'blocked'
        : `${error}`;
  }
}

/** Where the contract of this product says otherwise than the corpus: a missing scheme is https, a double encoding is undone. */
const OTHERWISE: Record<string, string> = {
  'pctbad-07': 'blocked',
  'auth-19': 'blocked',
  'auth-21': 'allowed',
  'auth-28': 'blocked',
  'scheme-14': 'blocked',
};

test('the corpus is whole', () => expect(cases).toHaveLength(225));

test.each(cases.map((one) => [one.id, one.why, one] as const))('%s %s', async (_id, _why, one) => {
  dialled = [];
  locations = [...(one.redirect ?? [])];
  const resolve = resolver();
  const first = await verdict(one.url, resolve);
  const wanted = OTHERWISE[one.id] ?? one.expect;
  // A redirect that is written badly is a fault of the origin's, not of the caller's: it is refused like a blocked one.
  expect(first).toBe(one.redirect && wanted === 'bad-url' ? 'blocked' : wanted);
  if (wanted === 'allowed') expect(dialled.length).toBeGreaterThan(0);
  else if (!one.redirect) expect(dialled).toEqual([]);
  if (one.second) {
    const before = dialled.length;
    const turns = one.why.includes('ten') ? 10 : one.why.includes('two public') ? 2 : 1;
    for (let i = 1; i < turns; i++) await verdict(one.url, resolve);
    if (one.second === 'blocked' && turns === 1) {
      expect(await verdict(one.url, resolve)).toBe('blocked');
      expect(dialled).toHaveLength(before);
    }
  }
  for (const address of dialled) {
    expect(isPublicIp(address), address).toBe(true);
    if (one.mustDialOnly) expect(one.mustDialOnly).toContain(address);
  }
});
