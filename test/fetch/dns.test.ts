import dgram from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { resolveName } from '../../src/fetch/dns.ts';

describe('resolveName, over a local DNS server', () => {
  /** Starts a server that responds to A queries with the given IP addresses (RFC 1035, 4.1), or not at all. */
  async function dnsServer(a: string[] | 'silent' | 'none', aaaa: 'silent' | 'none') {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (query, { port, address }) => {
      const end = query.indexOf(0, 12) + 5;
      const type = query.readUInt16BE(end - 4);
      const behaviour = type === 1 ? a : aaaa;
      if (behaviour === 'silent') return;
      const ips = behaviour === 'none' ? [] : behaviour;
      const head = Buffer.from(query.subarray(0, end));
      head.writeUInt16BE(0x8180, 2);
      head.writeUInt16BE(ips.length, 6);
      head.writeUInt16BE(0, 10);
      const records = ips.map((ip) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...ip.split('.').map(Number)]),
      );
      socket.send(Buffer.concat([head, ...records]), port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return { servers: [`127.0.0.1:${(socket.address() as AddressInfo).port}`], close: () => socket.close() };
  }
  const measure = async <T>(run: Promise<T>) => {
    const startedAt = performance.now();
    const result = await run.catch((error) => error);
    return { result, ms: performance.now() - startedAt };
  };

  test('returns all IP addresses', async () => {
    const { servers, close } = await dnsServer(['1.1.1.1', '8.8.8.8'], 'none');
    expect((await resolveName('example.com', new AbortController().signal, servers)).sort()).toEqual([
      '1.1.1.1',
      '8.8.8.8',
    ]);
    close();
  });
  test('a resolver that never responds to AAAA: 50 ms later', async () => {
    const { servers, close } = await dnsServer(['1.1.1.1'], 'silent');
    const { result, ms } = await measure(resolveName('example.com', new AbortController().signal, servers));
    expect(result).toEqual(['1.1.1.1']);
    expect(ms).toBeLessThan(1000);
    close();
  });
  test('no IP address is an error', async () => {
    const { servers, close } = await dnsServer('none', 'none');
    expect((await measure(resolveName('example.com', new AbortController().signal, servers))).result).toBeInstanceOf(
      Error,
    );
    close();
  });
  test('hanging look-ups end with the signal, and do not delay the next one', async () => {
    const silent = await dnsServer('silent', 'silent');
    const responsive = await dnsServer(['1.1.1.1'], 'none');
    const hanging = Array.from({ length: 8 }, () =>
      measure(resolveName('example.com', AbortSignal.timeout(1000), silent.servers)),
    );
    let ended = 0;
    for (const one of hanging) one.then(() => ended++);
    const next = await measure(resolveName('example.com', new AbortController().signal, responsive.servers));
    expect(next).toMatchObject({ result: ['1.1.1.1'] });
    expect(ended).toBe(0);
    for (const { result, ms } of await Promise.all(hanging)) {
      expect(result).toBeInstanceOf(Error);
      expect(ms).toBeLessThan(4000);
    }
    silent.close();
    responsive.close();
  });
});
