import { describe, expect, test } from 'vitest';
import { parseHostPattern } from '../../src/fetch/source-url.ts';
import { assertBucketAllowed, isPublicIp, parseNetwork, resolvePublicIps } from '../../src/fetch/ssrf.ts';

describe('isPublicIp', () => {
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
  ])('%s is public', (ip) => expect(isPublicIp(ip)).toBe(true));

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
  ])('%s is not public', (ip) => expect(isPublicIp(ip)).toBe(false));
});

describe('resolvePublicIps', () => {
  const never = new AbortController().signal;
  const resolve = (url: string, ips: readonly string[] = [], policy: object = {}) =>
    resolvePublicIps(new URL(url), { allowedNetworks: [], resolve: async () => [...ips], ...policy }, never);
  const PUBLIC = ['93.184.216.34', '2606:4700::1111'];

  test('returns the checked IP addresses', async () =>
    expect(await resolve('https://example.com/', PUBLIC)).toEqual(PUBLIC));
  test('a public IP literal', async () => expect(await resolve('http://1.1.1.1/')).toEqual(['1.1.1.1']));
  test('at most four', async () =>
    expect(await resolve('https://example.com/', Array(9).fill('1.1.1.1'))).toHaveLength(4));

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
  ])('%s is forbidden as written', async (url) =>
    expect(resolve(url, PUBLIC)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN', statusCode: 403 }),
  );

  test('all that only the resolver knows has the same message', async () => {
    const fail = { resolve: () => Promise.reject(new Error('NXDOMAIN')) };
    const lookups = [
      resolve('http://a.com/', ['10.0.0.1']),
      resolve('http://b.com/', [...PUBLIC, '::1']),
      resolve('http://c.com/', []),
      resolve('http://d.com/', [], fail),
    ];
    const errors = await Promise.all(
      lookups.map((lookup) =>
        lookup.then(
          () => null,
          (error) => error,
        ),
      ),
    );
    expect(new Set(errors.map(({ code, message }) => `${code} ${message}`))).toEqual(
      new Set([
        'SOURCE_UNAVAILABLE The host of this URL could not be reached: its name does not exist, or has no public IP address.',
      ]),
    );
  });

  test('allowed networks are exempt, on any port, as literals and by name; nothing else is', async () => {
    const policy = { allowedNetworks: [parseNetwork('10.1.0.0/16'), parseNetwork('fd00::/8')] };
    expect(await resolve('http://10.1.2.3:9000/', [], policy)).toEqual(['10.1.2.3']);
    expect(await resolve('http://[fd00::1]:9000/', [], policy)).toEqual(['fd00::1']);
    expect(await resolve('http://files.example.com:9000/', ['10.1.2.3'], policy)).toEqual(['10.1.2.3']);
    await expect(resolve('http://10.2.0.1/', [], policy)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    await expect(resolve('http://files.example.com:9000/', ['10.1.2.3', '1.1.1.1'], policy)).rejects.toMatchObject({
      code: 'SOURCE_FORBIDDEN',
    });
    await expect(resolve('http://files.example.com/', ['10.1.2.3', '10.2.0.1'], policy)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
  });

  test('localSamplesPrefix is an exact prefix', async () => {
    const policy = { localSamplesPrefix: 'http://127.0.0.1:3000/samples/' };
    expect(await resolve('http://127.0.0.1:3000/samples/cat.webp', [], policy)).toEqual(['127.0.0.1']);
    for (const other of [
      'http://127.0.0.1:3000/',
      'http://127.0.0.1:3001/samples/a',
      'http://127.0.0.1:3000/samples/../?k=a',
    ])
      await expect(resolve(other, [], policy)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  test('localhost is the allowed part of the loopback networks', async () => {
    expect(await resolve('http://localhost:8080/', [], { allowedNetworks: [parseNetwork('127.0.0.0/8')] })).toEqual([
      '127.0.0.1',
    ]);
    expect(
      await resolve('http://localhost:8080/', [], {
        allowedNetworks: [parseNetwork('127.0.0.0/8'), parseNetwork('::1/128')],
      }),
    ).toEqual(['127.0.0.1', '::1']);
    await expect(
      resolve('http://localhost:8080/', PUBLIC, { allowedNetworks: [parseNetwork('10.0.0.0/8')] }),
    ).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  test('allowedHosts are the only hosts that may be fetched', async () => {
    const policy = { allowedHosts: ['example.com', '*.cdn.example.net', 'files.internal:8080'].map(parseHostPattern) };
    expect(await resolve('https://example.com/', PUBLIC, policy)).toEqual(PUBLIC);
    expect(await resolve('https://a.cdn.example.net/', PUBLIC, policy)).toEqual(PUBLIC);
    for (const other of [
      'https://evilexample.com/',
      'https://cdn.example.net/',
      'https://1.1.1.1/',
      'http://example.com:8080/',
    ])
      await expect(resolve(other, PUBLIC, policy)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    // An entry allows a private name and a port, but no IP address that is not public.
    expect(await resolve('http://files.internal:8080/', PUBLIC, policy)).toEqual(PUBLIC);
    await expect(resolve('https://example.com/', ['10.0.0.1'], policy)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
  });

  test('our own hosts are never fetched', async () => {
    const policy = { ownHosts: ['img.example.com', '127.0.0.1:3000'], allowedNetworks: [parseNetwork('127.0.0.0/8')] };
    for (const ownUrl of [
      'https://img.example.com/?k=a',
      'http://img.example.com/',
      'https://IMG.example.com:443/',
      'http://127.0.0.1:3000/?k=a',
    ])
      await expect(resolve(ownUrl, PUBLIC, policy)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
    expect(await resolve('https://other.example.com/', PUBLIC, policy)).toEqual(PUBLIC);
    expect(await resolve('http://127.0.0.1:3001/', [], policy)).toEqual(['127.0.0.1']);
  });

  test('the response to a port reveals nothing about the IP address of a name', async () => {
    const codes = [];
    for (const ips of [PUBLIC, ['10.0.0.1']])
      codes.push(await resolve('http://a.com:22/', ips).catch(({ code, message }) => code + message));
    expect(new Set(codes).size).toBe(1);
  });

  test('a hanging look-up ends with the signal', async () => {
    const hang = (_: string, signal: AbortSignal) =>
      new Promise<string[]>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const policy = { allowedNetworks: [], resolve: hang };
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
