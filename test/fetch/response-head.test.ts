/** Heads of responses that browsers read, or refuse, and what the parser gets of them; then over raw sockets. */
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { repairHead } from '../../src/fetch/response-head.ts';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseNetwork } from '../../src/fetch/ssrf.ts';
import { testConfig } from '../requests.ts';

const OK = 'HTTP/1.1 200 OK';
describe('repairHead', () => {
  test.each([
    ['a valid one', [OK, 'Content-Length: 5', 'X-A: b'], [OK, 'X-A: b', 'Content-Length: 5']],
    ['no fields', [OK], [OK]],
    ['a folded line', [OK, 'X-A: b', '  c', '\td'], [OK, 'X-A: b c d']],
    ['a fold before the first field', [OK, ' X-A: b', 'X-B: c'], [OK, 'X-B: c']],
    ['white space before the colon', [OK, 'X-A \t: b'], [OK, 'X-A: b']],
    ['control characters', [OK, 'X-A: a\u0001b\u0000c\rd\u007fe\tf'], [OK, 'X-A: a b c d e\tf']],
    ['no colon, no name, no token', [OK, 'X', ': a', 'X(A: b', 'X A: b'], [OK]],
    ['one length twice', [OK, 'Content-Length: 5', 'content-length:5'], [OK, 'Content-Length: 5']],
    ['one length in a list', [OK, 'Content-Length: 5, 5'], [OK, 'Content-Length: 5']],
    ['two lengths', [OK, 'Content-Length: 5', 'Content-Length: 4'], [OK, 'Content-Length: 5', 'Content-Length: 4']],
    ['two lengths in a list', [OK, 'Content-Length: 5, 4'], [OK, 'Content-Length: 5, 4']],
    [
      'a length with chunks',
      [OK, 'Content-Length: 5', 'Transfer-Encoding: Chunked'],
      [OK, 'Transfer-Encoding: chunked'],
    ],
    [
      'two lengths with chunks',
      [OK, 'Content-Length: 5, 6', 'Transfer-Encoding: chunked'],
      [OK, 'Content-Length: 5, 6', 'Transfer-Encoding: chunked'],
    ],
    ['identity', [OK, 'Transfer-Encoding: identity', 'Content-Length: 5'], [OK, 'Content-Length: 5']],
    ['a later version', ['HTTP/1.2 200 OK'], [OK]],
    ['bytes above 127', [OK, 'Location: /caf\u00e9'], [OK, 'Location: /caf\u00e9']],
  ])('%s', (_what, lines, expected) => {
    for (const end of ['\r\n', '\n'])
      expect(repairHead(`${lines.join(end)}${end}${end}`)).toBe(`${expected.join('\r\n')}\r\n\r\n`);
  });
});

const photo = readFileSync(new URL('../fixtures/cases/files/std-photo.jpg', import.meta.url));
const other = readFileSync(new URL('../fixtures/cases/files/std-quad.png', import.meta.url));
const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')] };
const limits = testConfig({ SOURCE_IDLE_TIMEOUT: '1000' });

/** What the origin writes for each request, in pieces; then the connection is closed. */
let write: (socket: net.Socket, target: string) => Promise<void> | void = () => {};
let connections = 0;
const server = net.createServer((socket) => {
  connections++;
  socket.on('error', () => {});
  socket.on('data', (request) => void write(socket, request.toString('latin1').split(' ')[1] ?? ''));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => new Promise((resolve) => void server.close(resolve)));
const url = (path: string) => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
const fetchImage = async (path = '/') => {
  try {
    return (await fetchSource(url(path), policy, limits, new AbortController().signal)).bytes;
  } catch (error) {
    return error instanceof ImageError ? error.code : error;
  }
};

const LENGTH = `Content-Length: ${photo.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const hex = photo.length.toString(16);
const chunks = Buffer.concat([Buffer.from(`${hex}\r\n`), photo, Buffer.from('\r\n0\r\n\r\n')]);
const withSize = (size: string) => Buffer.concat([Buffer.from(`${size}\r\n`), photo, Buffer.from('\r\n0\r\n\r\n')]);

describe('framing, over a socket: read as browsers do, or refused', () => {
  test.each<[what: string, head: string | Buffer, body: Buffer, isRead: boolean]>([
    ['length', `${OK}\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['length twice', `${OK}\r\n${LENGTH}\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['length in a list', `${OK}\r\n${LENGTH}, ${photo.length}\r\n\r\n`, photo, true],
    ['another length', `${OK}\r\n${LENGTH}\r\nContent-Length: 10\r\n\r\n`, photo, false],
    ['another length in a list', `${OK}\r\n${LENGTH}, 10\r\n\r\n`, photo, false],
    ['a negative length', `${OK}\r\nContent-Length: -10\r\n\r\n`, photo, false],
    ['a length with a sign', `${OK}\r\nContent-Length: +${photo.length}\r\n\r\n`, photo, false],
    ['a length in hexadecimal', `${OK}\r\nContent-Length: 0x${hex}\r\n\r\n`, photo, false],
    ['length and chunks', `${OK}\r\n${LENGTH}\r\n${CHUNKED}\r\n\r\n`, chunks, true],
    ['chunks and length', `${OK}\r\n${CHUNKED}\r\n${LENGTH}\r\n\r\n`, chunks, true],
    ['chunks and a wrong length', `${OK}\r\n${CHUNKED}\r\nContent-Length: 10\r\n\r\n`, chunks, true],
    ['chunks and two lengths', `${OK}\r\n${CHUNKED}\r\nContent-Length: 1\r\n${LENGTH}\r\n\r\n`, chunks, false],
    ['a chunk of a bad size', `${OK}\r\n${CHUNKED}\r\n\r\n`, withSize('xyz'), false],
    ['a chunk of a negative size', `${OK}\r\n${CHUNKED}\r\n\r\n`, withSize(`-${hex}`), false],
    ['a chunk with a prefix', `${OK}\r\n${CHUNKED}\r\n\r\n`, withSize(`0x${hex}`), false],
    ['a chunk of too many bytes', `${OK}\r\n${CHUNKED}\r\n\r\n`, withSize('ffffffffffffffffff'), false],
    ['bad chunks and length', `${OK}\r\n${LENGTH}\r\n${CHUNKED}\r\n\r\n`, withSize('xyz'), false],
    ['chunk extensions', `${OK}\r\n${CHUNKED}\r\n\r\n`, withSize(`${hex};a=b`), true],
    ['a folded line', `${OK}\r\nX-A: a\r\n b\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['a folded line of the length', `${OK}\r\nContent-Length:\r\n ${photo.length}\r\n\r\n`, photo, true],
    ['line feeds alone', `${OK}\n${LENGTH}\n\n`, photo, true],
    ['line feeds and both', `${OK}\r\n${LENGTH}\n\r\n`, photo, true],
    ['white space before a colon', `${OK}\r\nContent-Length : ${photo.length}\r\n\r\n`, photo, true],
    ['a control character', `${OK}\r\nX-A: a\u0001b\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['a zero byte', `${OK}\r\nX-A: a\u0000b\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['a line without a colon', `${OK}\r\nX\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['a name that is no token', `${OK}\r\nX(A: b\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['bytes above 127', Buffer.from(`${OK}\r\nX-A: caf\u00e9\r\n${LENGTH}\r\n\r\n`, 'latin1'), photo, true],
    ['a header of 20 kB', `${OK}\r\nX-A: ${'a'.repeat(20_000)}\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['a header of 60 kB', `${OK}\r\nX-A: ${'a'.repeat(60_000)}\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['a header of 70 kB', `${OK}\r\nX-A: ${'a'.repeat(70_000)}\r\n${LENGTH}\r\n\r\n`, photo, false],
    ['70 kB and no end', `${OK}\r\nX\r\nX-A: ${'a'.repeat(70_000)}`, photo, false],
    ['100 before it', `HTTP/1.1 100 Continue\n\n${OK}\r\n${LENGTH}\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['HTTP/1.0', `HTTP/1.0 200 OK\r\n\r\n`, photo, true],
    ['HTTP/1.2', `HTTP/1.2 200 OK\r\n${LENGTH}\r\n\r\n`, photo, true],
    ['no HTTP', 'hello\r\n\r\n', photo, false],
    ['identity', `${OK}\r\nTransfer-Encoding: identity\r\n${LENGTH}\r\n\r\n`, photo, true],
  ])('%s', async (_what, head, body, isRead) => {
    write = (socket) => void socket.end(Buffer.concat([Buffer.from(head), body]));
    const result = await fetchImage();
    if (isRead) expect(Buffer.isBuffer(result) && result.equals(photo)).toBe(true);
    else expect(result).toBe('SOURCE_UNAVAILABLE');
  });

  test('in pieces of one byte', async () => {
    write = async (socket) => {
      for (const byte of Buffer.from(`${OK}\nX-A: b\n c\n${LENGTH}\n\n`)) {
        socket.write(Buffer.of(byte));
        await setTimeout(1);
      }
      socket.end(photo);
    };
    expect(await fetchImage()).toEqual(photo);
  });
});

describe('a kept connection', () => {
  const response = (body: Buffer, extra = '') =>
    Buffer.concat([Buffer.from(`${OK}\r\nContent-Length: ${body.length}\r\n${extra}\r\n`), body]);

  test('never delivers one image for another: what follows a response ends the connection', async () => {
    connections = 0;
    // A second response behind the first, before anything asks for it.
    write = (socket, target) => void socket.write(response(target === '/1' ? photo : other));
    expect(await fetchImage('/1')).toEqual(photo);
    write = (socket) => void socket.write(Buffer.concat([response(photo), response(other)]));
    expect(await fetchImage('/2')).toEqual(photo);
    expect(connections).toBe(1);
    await setTimeout(50);
    write = (socket, target) => void socket.write(response(target === '/3' ? photo : other));
    expect(await fetchImage('/3')).toEqual(photo);
    expect(connections).toBe(2);
  });

  test('a repaired response comes over a connection of its own', async () => {
    connections = 0;
    write = (socket) => void socket.write(response(photo, `Content-Length: ${photo.length}\r\n`));
    expect(await fetchImage('/4')).toEqual(photo);
    const used = connections;
    write = (socket) => void socket.write(response(other));
    expect(await fetchImage('/5')).toEqual(other);
    expect(connections).toBe(used + 1);
  });
});
