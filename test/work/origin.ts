/** Serves the inputs of the cases on 127.0.0.1: whole, compressed, or piece by piece. */
import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** An input, and how an origin sends it. */
export interface Input {
  readonly name: string;
  readonly bytes: () => Buffer | Promise<Buffer>;
  /** Sent with `Content-Encoding: gzip`: a flood of equal bytes is a small download. */
  readonly isCompressed?: boolean;
  /** Sent in pieces: the first one at once, the others with a pause before each. Sizes in bytes, the pause in ms. */
  readonly pieces?: { readonly first: number; readonly size: number; readonly pauseMs: number };
}

const made = new Map<Input, Promise<Buffer>>();

/** Makes the bytes of an input once. */
export function bytesOf(input: Input): Promise<Buffer> {
  let bytes = made.get(input);
  if (!bytes) {
    bytes = Promise.resolve(input.bytes()).then((plain) =>
      input.isCompressed ? gzipSync(plain, { level: 6 }) : plain,
    );
    made.set(input, bytes);
  }
  return bytes;
}

function sendInPieces(response: ServerResponse, bytes: Buffer, { first, size, pauseMs }: NonNullable<Input['pieces']>) {
  let sent = first;
  response.write(bytes.subarray(0, first));
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + size));
    sent += size;
    if (sent >= bytes.length) response.end();
  }, pauseMs);
  response.on('close', () => clearInterval(timer));
}

/** Starts an origin. Its URLs are `/NAME?ANYTHING`. */
export async function startOrigin(inputs: readonly Input[]) {
  const server = http.createServer(async ({ url = '' }, response) => {
    const name = decodeURIComponent(url.slice(1).replace(/\?.*/, ''));
    const input = inputs.find((one) => one.name === name);
    if (!input) return void response.writeHead(404).end();
    const bytes = await bytesOf(input);
    response.writeHead(200, {
      'content-length': bytes.length,
      ...(input.isCompressed && { 'content-encoding': 'gzip' }),
    });
    if (input.pieces) sendInPieces(response, bytes, input.pieces);
    else response.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: ({ name }: Input, variant: number | string) =>
      `http://127.0.0.1:${port}/${encodeURIComponent(name)}?${variant}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
