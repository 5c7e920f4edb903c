/** Which `Host` the local server accepts. */
import { expect, test } from 'vitest';
import { checkHost, createHostCheck } from '../../src/server/hosts.ts';

const LOCAL = { host: '127.0.0.1', port: 3000, ownHosts: ['img.example.com', 'a.example.com:8443'] };
const ALL = { ...LOCAL, host: '0.0.0.0' };

test.each<[typeof LOCAL, string | undefined, boolean]>([
  [LOCAL, 'localhost:3000', true],
  [LOCAL, 'LOCALHOST:3000', true],
  [LOCAL, '127.0.0.1:3000', true],
  [LOCAL, '[::1]:3000', true],
  [LOCAL, undefined, true],
  [LOCAL, 'img.example.com', true],
  [LOCAL, 'img.example.com:443', true],
  [LOCAL, 'img.example.com:3000', true],
  [LOCAL, 'a.example.com:8443', true],
  [LOCAL, 'a.example.com', false],
  [LOCAL, 'img.example.com:8443', false],
  [LOCAL, 'localhost', false],
  [LOCAL, 'localhost:3001', false],
  [LOCAL, '127.0.0.2:3000', false],
  [LOCAL, '192.168.1.5:3000', false],
  [LOCAL, 'rebind.example:3000', false],
  [LOCAL, 'localhost.rebind.example:3000', false],
  [LOCAL, 'rebind.example', false],
  [LOCAL, '', false],
  [{ ...LOCAL, host: '192.168.1.5' }, '192.168.1.5:3000', true],
  [{ ...LOCAL, host: '192.168.1.5' }, '192.168.1.6:3000', false],
  [{ ...LOCAL, host: 'fd00::1' }, '[fd00::1]:3000', true],
  [{ ...LOCAL, host: 'Dev-Box' }, 'dev-box:3000', true],
  [{ ...LOCAL, port: 80 }, 'localhost', true],
  [{ ...LOCAL, port: 80 }, 'localhost:80', true],
  [{ ...LOCAL, port: 80 }, 'rebind.example', false],
  [ALL, '192.168.1.5:3000', true],
  [ALL, '192.168.1.5:8080', true],
  [ALL, '[fd00::1]:3000', true],
  [ALL, 'localhost:8080', true],
  [ALL, 'rebind.example:3000', false],
  [ALL, '1.2.3.4.rebind.example:3000', false],
  [{ ...ALL, host: '::' }, 'localhost:8080', true],
])('%j: %s', (server, header, expected) => expect(createHostCheck(server)(header)).toBe(expected));

test.each<[string[], number | undefined]>([
  [['localhost:3000'], undefined],
  [['[::1]:3000'], undefined],
  [[], undefined],
  [['localhost:3000', 'localhost:3000'], 400],
  [['localhost:3000', 'evil.example'], 400],
  [['localhost:3000, evil.example'], 400],
  [['local host:3000'], 400],
  [['user@localhost:3000'], 400],
  [['localhost:port'], 400],
  [['localhost/path'], 400],
  [[''], 400],
  [['evil.example:3000'], 421],
])('%j: %s', (hosts, status) => expect(checkHost(hosts, createHostCheck(LOCAL))?.statusCode).toBe(status));

test('the response names the setting', () => {
  const { document, headers } = checkHost(['evil.example'], createHostCheck(LOCAL)) ?? {};
  expect([document?.title, headers?.['Cache-Control']]).toEqual(['Misdirected Request', 'no-store']);
  expect(document?.detail).toContain('OWN_HOSTS');
});
