/** The inputs of a command: files, patterns of files, URLs, standard input. */
import { statSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { UsageError } from './arguments.ts';

export interface Input {
  /** As messages name it: its path or URL; `-` is standard input. */
  readonly name: string;
  /** Path of a file; undefined for a URL and standard input. */
  readonly path?: string;
  /** Where an output without a folder of its own is written: beside a file, else in the working directory. */
  readonly folder: string;
  /** File name of an output, without extension. */
  readonly stem: string;
  readonly read: () => Promise<Buffer> | Readable | URL;
}

const stemOf = (name: string) => basename(name, extname(name));

const fromFile = (path: string): Input => ({
  name: path,
  path,
  folder: dirname(path),
  stem: stemOf(path),
  read: () => readFile(path),
});

const STDIN: Input = { name: '-', folder: '.', stem: 'stdin', read: () => process.stdin };

function fromUrl(text: string): Input {
  const url = URL.parse(text);
  if (!url) throw new UsageError(`${text} is not a valid URL`);
  // A name that any file system takes: a path of a URL may hold %2F, a colon or a quote.
  const name = posix.basename(url.pathname).replaceAll(/%[\da-f]{2}|[^\w.-]/gi, '_');
  return { name: text, folder: '.', stem: stemOf(name) || url.hostname, read: () => url };
}

async function fromPattern(pattern: string): Promise<Input[]> {
  const paths: string[] = [];
  for await (const entry of glob(pattern, { withFileTypes: true }))
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
  if (!paths.length) throw new UsageError(`No file matches ${pattern}`);
  return paths.sort().map(fromFile);
}

/**
 * Returns the inputs that arguments name. A pattern such as `*.jpg` is expanded, unless there is a file of that name: a shell on
 * Windows passes it on, and so does any in quotes. Files are not read yet.
 *
 * @throws UsageError for a pattern without a file, a folder, and an invalid URL
 */
export async function findInputs(args: readonly string[]): Promise<readonly Input[]> {
  const inputs = args.map((text) => {
    if (text === '-') return [STDIN];
    if (/^(?:https?|s3):/i.test(text)) return [fromUrl(text)];
    const stats = statSync(text, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new UsageError(`${text} is a folder. The files in it: '${join(text, '*')}'`);
    return !stats && /[*?[\]{}]/.test(text) ? fromPattern(text) : [fromFile(text)];
  });
  return (await Promise.all(inputs)).flat();
}
