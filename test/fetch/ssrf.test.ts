import dgram from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { resolveName } from '../../src/fetch/dns.ts';
import { parseHostPattern } from '../../src/fetch/source-url.ts';
import { assertBucketAllowed, isPublicIp, parseNetwork, resolvePublicIps } from '../../src/fetch/ssrf.ts';

describe('isPublicAddress', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '168.63.129.15',
    '168.63.129.17',
    '2606:4700::1111',
    '2a00:1450::1',
    '2400::1',
  ])('%s is', (address) => expect(isPublicIp(address)).toBe(true));

  test.each([
    '0.0.0.0',
    '0.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.0',
    '192.0.2.1',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.175.48.1',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '100:0:0:1::1',
    '2001::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '3ffe::1',
    '2620:4f:8000::1',
    '4000::1',
    '8000::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '5f00::1',
    '2001:200::5efe:7f00:1',
    '2400::200:5efe:7f00:1',
    'fe80::1%lo',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    'localhost',
    '',
  ])('%s is not', (address) => expect(isPublicIp(address)).toBe(false));
});

describe('allowedAddresses', () => {
  const never = new AbortController().signal;
  const ask = (address: string, answers: readonly string[] = [], more: object = {}) =>
    resolvePublicIps(new URL(address), { allowedNetworks: [], resolve: async () => [...answers], ...more }, never);
  const PUBLIC = ['93.184.216.34', '2606:4700::1111'];

  test('the checked answers are the ones to dial', async () =>
    expect(await ask('https://example.com/', PUBLIC)).toEqual(PUBLIC));
  test('a public literal', async () => expect(await ask('http://1.1.1.1/')).toEqual(['1.1.1.1']));
  test('at most four', async () => expect(await ask('https://example.com/', Array(9).fill('1.1.1.1'))).toHaveLength(4));

  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://0/',
    'http://169.254.169.254/',
    'http://localhost/',
    'http://metadata.google.internal/',
    'http://printer.local/',
    'http://intranet/',
    'http://a.localhost/',
    'http://sandbox.localdomain:9001/',
    'http://1.1.1.1:8080/',
    'http://example.com:22/',
  ])('%s is forbidden by how it looks', async (address) =>
    expect(ask(address, PUBLIC)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN', statusCode: 403 }),
  );

  test('what only the resolver knows has one answer', async () => {
    const fail = { resolve: () => Promise.reject(new Error('NXDOMAIN')) };
    const causes = [
      ask('http://a.com/', ['10.0.0.1']),
      ask('http://b.com/', [...PUBLIC, '::1']),
      ask('http://c.com/', []),
      ask('http://d.com/', [], fail),
    ];
    const errors = await Promise.all(
      causes.map((one) =>
        one.then(
          () => null,
          (error) => error,
        ),
      ),
    );
    expect(new Set(errors.map(({ code, message }) => `${code} ${message}`))).toEqual(
      new Set(['SOURCE_UNAVAILABLE The host of this URL could not be reached.']),
    );
  });

  test('allowed networks are exempt, on any port, as literals and as answers; nothing beside them is', async () => {
    const more = { allowedNetworks: [parseNetwork('10.1.0.0/16'), parseNetwork('fd00::/8')] };
    expect(await ask('http://10.1.2.3:9000/', [], more)).toEqual(['10.1.2.3']);
    expect(await ask('http://[fd00::1]:9000/', [], more)).toEqual(['fd00::1']);
    expect(await ask('http://files.example.com:9000/', ['10.1.2.3'], more)).toEqual(['10.1.2.3']);
    await expect(ask('http://10.2.0.1/', [], more)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    await expect(ask('http://files.example.com:9000/', ['10.1.2.3', '1.1.1.1'], more)).rejects.toMatchObject({
      code: 'SOURCE_FORBIDDEN',
    });
    await expect(ask('http://files.example.com/', ['10.1.2.3', '10.2.0.1'], more)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
  });

  test('own samples are an exact prefix', async () => {
    const more = { localSamplesPrefix: 'http://127.0.0.1:3000/samples/' };
    expect(await ask('http://127.0.0.1:3000/samples/cat.webp', [], more)).toEqual(['127.0.0.1']);
    for (const other of [
      'http://127.0.0.1:3000/',
      'http://127.0.0.1:3001/samples/a',
      'http://127.0.0.1:3000/samples/../?k=a',
    ])
      await expect(ask(other, [], more)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  test('localhost is a name for what is allowed of the loopback networks', async () => {
    expect(await ask('http://localhost:8080/', [], { allowedNetworks: [parseNetwork('127.0.0.0/8')] })).toEqual([
      '127.0.0.1',
    ]);
    expect(
      await ask('http://localhost:8080/', [], {
        allowedNetworks: [parseNetwork('127.0.0.0/8'), parseNetwork('::1/128')],
      }),
    ).toEqual(['127.0.0.1', '::1']);
    await expect(
      ask('http://localhost:8080/', PUBLIC, { allowedNetworks: [parseNetwork('10.0.0.0/8')] }),
    ).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  test('a list of hosts is all that may be fetched, redirects included', async () => {
    const more = { allowedHosts: ['example.com', '*.cdn.example.net', 'files.internal:8080'].map(parseHostPattern) };
    expect(await ask('https://example.com/', PUBLIC, more)).toEqual(PUBLIC);
    expect(await ask('https://a.cdn.example.net/', PUBLIC, more)).toEqual(PUBLIC);
    for (const other of [
      'https://evilexample.com/',
      'https://cdn.example.net/',
      'https://1.1.1.1/',
      'http://example.com:8080/',
    ])
      await expect(ask(other, PUBLIC, more)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    // To be listed makes a private name and a port usable, not an address that is not public.
    expect(await ask('http://files.internal:8080/', PUBLIC, more)).toEqual(PUBLIC);
    await expect(ask('https://example.com/', ['10.0.0.1'], more)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  test('we never fetch from ourselves', async () => {
    const more = { ownHosts: ['img.example.com', '127.0.0.1:3000'], allowedNetworks: [parseNetwork('127.0.0.0/8')] };
    for (const own of [
      'https://img.example.com/?k=a',
      'http://img.example.com/',
      'https://IMG.example.com:443/',
      'http://127.0.0.1:3000/?k=a',
    ])
      await expect(ask(own, PUBLIC, more)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    expect(await ask('https://other.example.com/', PUBLIC, more)).toEqual(PUBLIC);
    expect(await ask('http://127.0.0.1:3001/', [], more)).toEqual(['127.0.0.1']);
  });

  test('a port tells nothing about where a name points', async () => {
    const codes = [];
    for (const answers of [PUBLIC, ['10.0.0.1']])
      codes.push(await ask('http://a.com:22/', answers).catch(({ code, message }) => code + message));
    expect(new Set(codes).size).toBe(1);
  });

  test('a hanging look-up ends with the signal', async () => {
    const resolve = (_: string, signal: AbortSignal) =>
      new Promise<string[]>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const policy = { allowedNetworks: [], resolve };
    await expect(resolvePublicIps(new URL('http://a.com/'), policy, AbortSignal.timeout(20))).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
  });
});

test('a bucket must be on the list', () => {
  expect(() =>
    assertBucketAllowed(new URL('s3://ours/key'), { allowedNetworks: [], allowedBuckets: ['ours'] }),
  ).not.toThrow();
  for (const allowedBuckets of [[], ['other'], ['our']])
    expect(() => assertBucketAllowed(new URL('s3://ours/key'), { allowedNetworks: [], allowedBuckets })).toThrowError(
      expect.objectContaining({ code: 'SOURCE_FORBIDDEN' }),
    );
});

describe('resolveName, over a DNS server of our own', () => {
  /** Answers A queries with the given addresses (RFC 1035, 4.1), leaves others unanswered when it is silent about them. */
  async function dnsServer(a: string[] | 'silent' | 'none', aaaa: 'silent' | 'none') {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (query, { port, address }) => {
      const end = query.indexOf(0, 12) + 5;
      const type = query.readUInt16BE(end - 4);
      const answers = type === 1 ? a : aaaa;
      if (answers === 'silent') return;
      const list = answers === 'none' ? [] : answers;
      const head = Buffer.from(query.subarray(0, end));
      head.writeUInt16BE(0x8180, 2);
      head.writeUInt16BE(list.length, 6);
      head.writeUInt16BE(0, 10);
      const records = list.map((ip) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...ip.split('.').map(Number)]),
      );
      socket.send(Buffer.concat([head, ...records]), port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return { servers: [`127.0.0.1:${(socket.address() as AddressInfo).port}`], close: () => socket.close() };
  }
  const time = async <T>(run: Promise<T>) => {
    const started = performance.now();
    const result = await run.catch((error) => error);
    return { result, ms: performance.now() - started };
  };

  test('addresses', async () => {
    const { servers, close } = await dnsServer(['1.1.1.1', '8.8.8.8'], 'none');
    expect((await resolveName('example.com', new AbortController().signal, servers)).sort()).toEqual([
      '1.1.1.1',
      '8.8.8.8',
    ]);
    close();
  });
  test('a resolver that is silent about AAAA costs 50 ms', async () => {
    const { servers, close } = await dnsServer(['1.1.1.1'], 'silent');
    const { result, ms } = await time(resolveName('example.com', new AbortController().signal, servers));
    expect(result).toEqual(['1.1.1.1']);
    expect(ms).toBeLessThan(1000);
    close();
  });
  test('no address is an error', async () => {
    const { servers, close } = await dnsServer('none', 'none');
    expect((await time(resolveName('example.com', new AbortController().signal, servers))).result).toBeInstanceOf(
      Error,
    );
    close();
  });
  test('a hung one ends with the signal, and does not hold up the next', async () => {
    const hung = await dnsServer('silent', 'silent');
    const good = await dnsServer(['1.1.1.1'], 'none');
    const waiting = Array.from({ length: 8 }, () =>
      time(resolveName('example.com', AbortSignal.timeout(300), hung.servers)),
    );
    const next = await time(resolveName('example.com', new AbortController().signal, good.servers));
    expect(next).toMatchObject({ result: ['1.1.1.1'] });
    expect(next.ms).toBeLessThan(250);
    for (const { result, ms } of await Promise.all(waiting)) {
      expect(result).toBeInstanceOf(Error);
      expect(ms).toBeLessThan(1500);
    }
    hung.close();
    good.close();
  });
});
