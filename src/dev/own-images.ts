/**
 * Images of the person who uses the playground: received by POST, held in memory, and read by the image handler as the samples are.
 * They are never written to a disk.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { ImageError, problem } from '../errors.ts';
import { sourceTooLarge } from '../fetch/errors.ts';
import { sniff } from '../image/formats/sniff.ts';
import type { StaticFile } from '../server/listen.ts';

/** Below the samples: the image handler may fetch those from its own server. */
const PATH = '/samples/own/';
/** Maximum number of images; the least recently used one is dropped. */
const MAX_IMAGES = 8;
/** Maximum number of bodies that are received at a time, each in memory. The page sends one. */
const MAX_BODIES = 4;

/**
 * `no-store`: neither the browser nor the caches of the image handler, one of which can be a bucket, store an image, nor what is made
 * of it. A file of a stranger that is opened by itself runs no script here.
 */
const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Whether a browser says that a page of this server sends the request, and no other site. The server has checked `Host`. */
function isSameOrigin({ headers: { host, origin, 'sec-fetch-site': site = 'same-origin' } }: IncomingMessage): boolean {
  return host !== undefined && origin !== undefined && site === 'same-origin' && URL.parse(origin)?.host === host;
}

/** Reads a body. @throws ImageError SOURCE_TOO_LARGE, without reading the rest */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length']) > maxBytes) throw sourceTooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection must stay open for the response.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw sourceTooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toFile(body: Buffer): StaticFile {
  // Only SVG needs a type, because browsers do not sniff it.
  const type = sniff(body, true) === 'svg' ? { 'Content-Type': 'image/svg+xml' } : {};
  return { status: 200, headers: { ...HEADERS, ...type }, body };
}

function toProblem(error: unknown): StaticFile {
  const { statusCode, headers, document } = problem(error);
  return { status: statusCode, headers: { ...headers, 'Cache-Control': 'no-store' }, body: JSON.stringify(document) };
}

/** Stores images in memory. @param maxBytes of one image; all that are stored have at most twice as many, all on their way four times */
export function createOwnImages(maxBytes: number) {
  const images = new LRUCache<string, StaticFile>({
    max: MAX_IMAGES,
    maxSize: 2 * maxBytes,
    sizeCalculation: ({ body }) => Math.max(1, body.length),
  });

  let bodies = 0;
  async function receiveBody(request: IncomingMessage): Promise<Buffer> {
    if (bodies >= MAX_BODIES)
      throw new ImageError('OVERLOADED', 'Other images are being received. Try again in a second.');
    bodies++;
    try {
      return await readBody(request, maxBytes);
    } finally {
      bodies--;
    }
  }

  async function store(request: IncomingMessage): Promise<StaticFile> {
    try {
      if (!isSameOrigin(request))
        throw new ImageError('SOURCE_FORBIDDEN', 'Only the playground of this server may send an image.');
      const image = toFile(await receiveBody(request));
      const id = randomUUID();
      images.set(id, image);
      return { status: 201, headers: { Location: `${PATH}${id}`, 'Cache-Control': 'no-store' }, body: '' };
    } catch (error) {
      return toProblem(error);
    }
  }

  return {
    /** Receives an image. @returns 201 with its path, or a problem; undefined for any other request than a POST to the folder */
    receive: (request: IncomingMessage): Promise<StaticFile> | undefined =>
      request.method === 'POST' && request.url === PATH ? store(request) : undefined,
    /** Returns an image by its path: `/samples/own/ID`, or with a file name, `/samples/own/ID/cat.jpg`. */
    find: (path: string): StaticFile | undefined =>
      path.startsWith(PATH) ? images.get(path.slice(PATH.length).split('/')[0] ?? '') : undefined,
  };
}
