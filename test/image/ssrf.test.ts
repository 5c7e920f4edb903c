import { describe, expect, test } from 'vitest';
import { allowedAddresses, isPublicAddress, parseNetwork, } from '../../src/image/ssrf.ts';

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
  ])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

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
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('allowedAddresses', () => {
  const never = new AbortController().signal;
  const ask = (address: string, answers: readonly string[] = [], more: object = {}) =>
    allowedAddresses(new URL(address), { allowedNetworks: [], resolve: async () => [...answers], ...more }, never);
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
      new Set(['SOURCE_UNAVAILABLE The host of this address could not be reached.']),
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
    const more = { ownSamples: 'http://127.0.0.1:3000/samples/' };
    expect(await ask('http://127.0.0.1:3000/samples/cat.webp', [], more)).toEqual(['127.0.0.1']);
    for (const other of [
      'http://127.0.0.1:3000/',
      'http://127.0.0.1:3001/samples/a',
      'http://127.0.0.1:3000/samples/../?k=a',
    ])
      await expect(ask(other, [], more)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  });

  test('a hanging look-up ends with the signal', async () => {
    const resolve = (_: string, signal: AbortSignal) =>
      new Promise<string[]>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const policy = { allowedNetworks: [], resolve };
    await expect(allowedAddresses(new URL('http://a.com/'), policy, AbortSignal.timeout(20))).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
  });
});
