/** A client that sends requests over kept-alive connections. */
import http from 'node:http';
import type { Socket } from 'node:net';

export interface Response {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Milliseconds after which the server may close an idle connection: Node's 5 s, minus a tolerance for two clocks. */
const IDLE_MS = 4500;

/** Creates a client. @param connections maximum open at once */
export function createClient(origin: string, connections: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const freed = new WeakMap<Socket, number>();
  agent.on('free', (socket: Socket) => freed.set(socket, performance.now()));
  /**
   * Sends a request. If the server has closed the connection as idle, because this machine was suspended, the request is sent again,
   * as browsers do. A request that fails on a connection in use is not.
   *
   * @throws Error if the connection is refused, or ends before the response is complete
   */
  const ask = (target: string): Promise<Response> =>
    new Promise((resolve, reject) => {
      const sent = performance.now();
      const request = http
        .get(origin + target, { agent }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        })
        .on('error', (error: NodeJS.ErrnoException) => {
          const wasIdle =
            request.reusedSocket && request.socket && sent - (freed.get(request.socket) ?? sent) > IDLE_MS;
          if (wasIdle && error.code === 'ECONNRESET') resolve(ask(target));
          else reject(error);
        });
    });
  return { ask, close: () => agent.destroy() };
}
