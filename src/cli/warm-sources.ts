/** Reads the sources of `pixgate warm`: lists, sitemaps, and the keys of a bucket. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parseSourceUrl } from '../fetch/source-url.ts';
import { UsageError } from './arguments.ts';
import { IMAGE_EXTENSION, parseSitemap } from './sitemap.ts';

/** Maximum bytes of a list or a sitemap, unpacked: the protocol of sitemaps has this limit. */
const MAX_BYTES = 52_428_800;
/** Maximum sitemaps of an index, by the same protocol. */
const MAX_SITEMAPS = 50_000;
/** Milliseconds of a download. */
const TIMEOUT = 30_000;

/** A short source, such as `shop:cat.jpg` or `/cat.jpg`: only the deployment knows its base. */
const SHORT_SOURCE = /^(?:[a-z][a-z0-9-]{1,31}:(?!\/|\d)|\/(?!\/))\S/;

/** Parses a list: one source a line; empty lines and those that begin with # are skipped. @throws UsageError naming the line */
export function parseList(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const source = line.trim();
    if (!source || source.startsWith('#')) return [];
    try {
      if (!SHORT_SOURCE.test(source)) parseSourceUrl(source);
      return [source];
    } catch (error) {
      throw new UsageError(`line ${i + 1}: ${(error as Error).message.replace(/^u /, 'the source ')}`);
    }
  });
}

const isUrl = (from: string) => /^https?:\/\//i.test(from);

/** Downloads a list or a sitemap, without redirects: another host could be in a private network. @throws UsageError */
async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) }).catch((cause) => {
    throw new UsageError(`${url} could not be read: ${(cause as Error).cause ?? cause}`);
  });
  if (!response.ok) throw new UsageError(`${url} returned ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new UsageError(`${url} has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a file or a URL as text; unpacks gzip. @throws UsageError */
async function readText(from: string): Promise<string> {
  const bytes = isUrl(from)
    ? await download(from)
    : await readFile(from).catch(({ code }) => {
        throw new UsageError(`--from: ${from} could not be read (${code})`);
      });
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isGzip ? unpack(from, bytes) : bytes).toString().replace(/^\ufeff/, '');
}

function unpack(from: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw new UsageError(`${from} could not be unpacked to at most ${MAX_BYTES} bytes: ${(error as Error).message}`);
  }
}

const isXml = (text: string) => /^\s*<(?:\?xml|urlset|sitemapindex)/.test(text);

/**
 * Reads a sitemap, and those of an index: of the same host only, which is the protocol's rule, and one level deep.
 *
 * @throws UsageError
 */
async function readSitemap(from: string, text: string): Promise<string[]> {
  const parse = (name: string, xml: string) => {
    try {
      return parseSitemap(xml);
    } catch (error) {
      throw new UsageError(`${name} is not a sitemap: ${(error as Error).message}`);
    }
  };
  const { images, sitemaps } = parse(from, text);
  const all = [...images];
  if (sitemaps.length > MAX_SITEMAPS) throw new UsageError(`${from} names more than ${MAX_SITEMAPS} sitemaps`);
  for (const sitemap of sitemaps) {
    if (!isUrl(from) || URL.parse(sitemap)?.origin !== new URL(from).origin)
      throw new UsageError(`${from} names a sitemap of another host: ${sitemap}`);
    all.push(...parse(sitemap, await readText(sitemap)).images);
  }
  if (!all.length) throw new UsageError(`${from} has no images: neither image:loc, nor a loc of an image file`);
  return parseList(all.join('\n'));
}

/** Lists the images of a bucket below a prefix, by the extensions of their keys, with AWS's default region and credentials. */
async function listBucket(from: string): Promise<string[]> {
  const [, Bucket = '', Prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(from) ?? [];
  if (!Bucket) throw new UsageError('--from must be s3://bucket/prefix');
  const { paginateListObjectsV2, S3Client } = await import('@aws-sdk/client-s3');
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: new S3Client({}) }, { Bucket, Prefix }))
    keys.push(...Contents.flatMap(({ Key }) => (Key !== undefined && IMAGE_EXTENSION.test(Key) ? [Key] : [])));
  return keys.map((key) => `s3://${Bucket}/${key}`);
}

/**
 * Reads the sources of a file, a URL, a sitemap or a bucket, each once.
 *
 * @param from path or URL of a list or a sitemap, or `s3://bucket/prefix`
 * @throws UsageError if it cannot be read, or a source is invalid
 */
export async function readSources(from: string): Promise<string[]> {
  if (from.startsWith('s3://')) return listBucket(from);
  const text = await readText(from);
  return [...new Set(isXml(text) ? await readSitemap(from, text) : parseList(text))];
}
