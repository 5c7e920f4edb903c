/** Compresses static files for clients that accept gzip. */
import { gzipSync } from 'node:zlib';
import type { StaticFile } from '../server/listen.ts';

const COMPRESSIBLE = /^text\/|json|svg/;
/** Minimum bytes of a file for which compression pays. */
const MIN_BYTES = 1000;

const acceptsGzip = (acceptEncoding = '') =>
  acceptEncoding.split(',').some((coding) => /^\s*gzip\s*(?:;\s*q=(?:1|0?\.\d*[1-9]).*)?$/i.test(coding));

/** Compressed files by their original: each is compressed once. */
const compressed = new WeakMap<StaticFile, StaticFile>();

function gzip(file: StaticFile): StaticFile {
  const known = compressed.get(file);
  if (known) return known;
  const headers = { ...file.headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' };
  const result = { ...file, headers, body: gzipSync(file.body) };
  compressed.set(file, result);
  return result;
}

/** Returns the file in the encoding that the client accepts. @param acceptEncoding the header */
export function compress(file: StaticFile, acceptEncoding: string | undefined): StaticFile {
  const isText = COMPRESSIBLE.test(file.headers['Content-Type'] ?? '') && file.body.length >= MIN_BYTES;
  return isText && acceptsGzip(acceptEncoding) ? gzip(file) : file;
}
