/** One request after another over connections that are kept, with all that can be said of each answer. */
import http from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** @param connections most that are open at once */
export function createClient(origin: string, connections: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  /**
   * Where the server has closed a kept connection as idle just then, the request is sent again, as by every browser.
   *
   * @throws where the connection is refused, or ends before the whole answer is there
   */
  const ask = (target: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = http
        .get(origin + target, { agent }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        })
        .on('error', (error: NodeJS.ErrnoException) =>
          request.reusedSocket && error.code === 'ECONNRESET' ? resolve(ask(target)) : reject(error),
        );
    });
  return { ask, close: () => agent.destroy() };
}
