/**
 * Mocks the runtime's global `awslambda`. It writes what AWS's runtime client writes: status and headers as JSON, eight zero
 * bytes, and the body. Import it before a handler is created.
 */
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { HttpEvent } from '../src/http/event.ts';

/** A handler in streaming mode, as the runtime calls it. */
export type Streaming = (event: HttpEvent, stream: PassThrough, context: object) => Promise<void>;

const SEPARATOR = Buffer.alloc(8);
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: Streaming) => handler,
    HttpResponseStream: {
      from: (stream: PassThrough, prelude: object) => {
        stream.write(JSON.stringify(prelude));
        stream.write(SEPARATOR);
        return stream;
      },
    },
  },
});

/** Calls the handler. @returns the response as a client gets it, with header names in lower case */
export async function invokeStreaming(handler: Streaming, event: HttpEvent, context: object) {
  const stream = new PassThrough();
  const [bytes] = await Promise.all([buffer(stream), handler(event, stream, context)]);
  const cut = bytes.indexOf(SEPARATOR);
  const { statusCode, headers } = JSON.parse(bytes.subarray(0, cut).toString());
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return { status: Number(statusCode), headers: lower, body: bytes.subarray(cut + SEPARATOR.length) };
}
