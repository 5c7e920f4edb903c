/** Entity tags of the static files: a browser that has one revalidates it without a download. */
import { createHash } from 'node:crypto';
import { weakMatch } from '../http/conditional.ts';
import type { StaticFile } from '../server/listen.ts';

const tags = new WeakMap<StaticFile, string>();

function tagOf(file: StaticFile): string {
  const tag = tags.get(file) ?? `"${createHash('sha256').update(file.body).digest('base64url').slice(0, 16)}"`;
  tags.set(file, tag);
  return tag;
}

/**
 * Returns a file with an entity tag of its content, or a 304 without a body if the client has it.
 *
 * @param file an object that stays: its content is hashed once
 * @param ifNoneMatch the header of the request
 */
export function revalidate(file: StaticFile, ifNoneMatch: string | undefined): StaticFile {
  if (file.status !== 200 || file.headers['Cache-Control'] === 'no-store') return file;
  const ETag = tagOf(file);
  const headers = { ...file.headers, ETag };
  return weakMatch(ifNoneMatch, ETag) ? { status: 304, headers, body: '' } : { ...file, headers };
}
