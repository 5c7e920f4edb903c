import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createHostsLookup, lookUpHosts, parseHosts } from '../../src/fetch/hosts-file.ts';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseNetwork, resolvePublicIps } from '../../src/fetch/ssrf.ts';
import { startOrigin } from '../origin.ts';
import { testConfig } from '../requests.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'pixgate-hosts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const FILE = join(folder, 'hosts');

test('parses hosts(5): comments, tabs, several names, case, and both families', () => {
  const text = `# a comment
127.0.0.1\tlocalhost
10.1.0.5  Images.Example.com  images # the shop
::1 ip6-localhost
fd00::5 images
10.1.0.6 images
10.1.0.5 images
  10.1.0.7 padded\r
fe80::1%lo zone
300.1.1.1 wrong
wrong 10.1.0.8
10.1.0.9
10.1.0.10 #commented
`;
  expect(Object.fromEntries(parseHosts(text))).toEqual({
    localhost: ['127.0.0.1'],
    'images.example.com': ['10.1.0.5'],
    images: ['10.1.0.5', 'fd00::5', '10.1.0.6'],
    'ip6-localhost': ['::1'],
    padded: ['10.1.0.7'],
  });
});

test('is read again after ten seconds, and once for concurrent look-ups; without a file there are no names', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    writeFileSync(FILE, 'fd00::5 a\n10.0.0.1 a\n');
    const lookup = createHostsLookup(FILE);
    expect(await Promise.all([lookup('A'), lookup('a')])).toEqual([
      ['10.0.0.1', 'fd00::5'],
      ['10.0.0.1', 'fd00::5'],
    ]);
    writeFileSync(FILE, '10.0.0.2 a\n');
    expect(await lookup('a')).toEqual(['10.0.0.1', 'fd00::5']);
    vi.setSystemTime(Date.now() + 10_001);
    expect(await lookup('a')).toEqual(['10.0.0.2']);
    expect(await createHostsLookup(join(folder, 'none'))('a')).toEqual([]);
    expect(await createHostsLookup(folder)('a')).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test('a file of 20 MB: its first megabyte', async () => {
  writeFileSync(FILE, `10.0.0.1 first\n${'0.0.0.0 ads.example.com\n'.repeat(900_000)}10.0.0.2 last\n`);
  const lookup = createHostsLookup(FILE);
  expect([await lookup('first'), await lookup('last')]).toEqual([['10.0.0.1'], []]);
});

test('the file of this system has localhost', async () =>
  expect((await lookUpHosts('localhost')).length).toBeGreaterThan(0));

describe('within the checks of all IP addresses', () => {
  const names: Record<string, string[]> = {
    minio: ['10.1.0.5'],
    'files.internal': ['10.1.0.6', 'fd00::6'],
    mixed: ['10.1.0.5', '10.2.0.5'],
    'public-name': ['93.184.216.34'],
    'shop.example.com': ['93.184.216.34'],
    'inward.example.com': ['10.2.0.5'],
    'allowed.example.com': ['10.1.0.5'],
  };
  const hosts = async (name: string) => names[name] ?? [];
  const allowedNetworks = [parseNetwork('10.1.0.0/16'), parseNetwork('fd00::/8')];
  let queries = 0;
  const resolve = async () => {
    queries++;
    return ['1.1.1.1'];
  };
  const ipsOf = (url: string, policy = {}) =>
    resolvePublicIps(new URL(url), { allowedNetworks, resolve, hosts, ...policy }, never);

  test('a listed name is not looked up in the DNS; another is', async () => {
    queries = 0;
    expect(await ipsOf('https://shop.example.com/')).toEqual(['93.184.216.34']);
    expect(await ipsOf('http://allowed.example.com:9000/')).toEqual(['10.1.0.5']);
    expect(queries).toBe(0);
    expect(await ipsOf('https://example.com/')).toEqual(['1.1.1.1']);
    expect(queries).toBe(1);
  });

  test('a private name is allowed if all its IP addresses are in an allowed network, on any port', async () => {
    queries = 0;
    expect(await ipsOf('http://minio:9000/bucket/a.jpg')).toEqual(['10.1.0.5']);
    expect(await ipsOf('http://files.internal/')).toEqual(['10.1.0.6', 'fd00::6']);
    for (const url of ['http://mixed/', 'http://public-name/', 'http://unknown/', 'http://other.internal/'])
      await expect(ipsOf(url), url).rejects.toMatchObject({
        code: 'SOURCE_FORBIDDEN',
        message: 'This URL may not be fetched: its host is a private name.',
      });
    for (const name of ['minio', 'files.internal'])
      await expect(ipsOf(`http://${name}/`, { allowedNetworks: [] })).rejects.toMatchObject({
        code: 'SOURCE_FORBIDDEN',
      });
    expect(queries).toBe(0);
  });

  test('a listed name that leads inward is refused in the same words as one of the DNS', async () => {
    const messageOf = (url: string, policy = {}) => ipsOf(url, policy).catch(({ message }) => message);
    expect(await messageOf('http://inward.example.com/')).toBe(
      await messageOf('http://dns.example.com/', { resolve: async () => ['10.2.0.5'] }),
    );
  });

  test('over a socket: only the listed IP address is connected to', async () => {
    const origin = await startOrigin({ '/a': { body: Buffer.from('GIF89a'.padEnd(64, '\0'), 'latin1') } });
    const listed = { allowedNetworks: [parseNetwork('127.0.0.0/8')], hosts: async () => ['127.0.0.1'] };
    const fetchFrom = (name: string) =>
      fetchSource(new URL(`http://${name}:${origin.port}/a`), { ...listed, resolve }, testConfig(), never).catch(
        (error: unknown) => error,
      );
    await fetchFrom('images');
    expect(origin.requests.at(-1)?.headers.host).toBe(`images:${origin.port}`);
    await origin.close();
  });
});
