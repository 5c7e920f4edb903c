/** Requests mutated images from the server, from an origin in this process. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEY, type Server } from '../work/server.ts';

/** Milliseconds after which a request hangs: a default deployment ends each after 28 s. */
const HANG_MS = 45_000;

/** Starts an origin whose files come and go. */
export async function startFiles() {
  const files = new Map<string, Buffer>();
  const server = http.createServer(({ url = '' }, response) => {
    const body = files.get(url);
    response.writeHead(body ? 200 : 404, { 'content-length': body?.length ?? 0 }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    /** Serves a file for as long as it takes. */
    async serve<T>(path: string, body: Buffer, use: (url: string) => Promise<T>): Promise<T> {
      files.set(path, body);
      try {
        return await use(`http://127.0.0.1:${port}${path}`);
      } finally {
        files.delete(path);
      }
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Requests an image. @returns the status; 0 without a response, or if it hangs */
export function ask({ url }: Server, source: string, query: string, accept: string): Promise<number> {
  const target = `${url}/?k=${KEY}&${query}&u=${encodeURIComponent(source)}`;
  return new Promise((resolve) => {
    const request = http.get(target, { headers: { accept }, agent: false, timeout: HANG_MS }, (response) => {
      response
        .resume()
        .on('end', () => resolve(response.statusCode ?? 0))
        .on('error', () => resolve(0));
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve(0));
  });
}
