/** Serves all sources from a process of its own, so that its work is not counted. Each query is another URL of the same image. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  readonly bytes: Buffer;
  readonly type: string;
}

process.once('message', (served: Record<string, Served>) => {
  const server = http.createServer(({ url = '', method, headers }, response) => {
    const file = served[new URL(url, 'http://origin').pathname];
    if (!file) return void response.writeHead(404).end();
    const validators = { etag: '"1"', 'last-modified': 'Wed, 01 Jan 2025 00:00:00 GMT' };
    if (headers['if-none-match'] === '"1"') return void response.writeHead(304, validators).end();
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': file.bytes.length,
      'cache-control': 'public, max-age=86400',
      ...validators,
    });
    response.end(method === 'HEAD' ? undefined : file.bytes);
  });
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
process.once('disconnect', () => process.exit());
