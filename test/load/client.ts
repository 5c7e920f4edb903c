/** One request after another over connections that are kept, with all that can be said of each answer. */
import http from 'node:http';
import type { Socket } from 'node:net';

export interface Response {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Milliseconds after which the server may close a connection that waits: Node's 5 s, less what two clocks may differ. */
const IDLE_MS = 4500;

/** @param connections most that are open at once */
export function createClient(origin: string, connections: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const freed = new WeakMap<Socket, number>();
  agent.on('free', (socket: Socket) => freed.set(socket, performance.now()));
  /**
   * Where the server has closed a kept connection as idle, since this whole machine stood still, the request is sent again,
   * as by every browser. One that is lost on a connection in use is lost.
   *
   * @throws where the connection is refused, or ends before the whole answer is there
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
