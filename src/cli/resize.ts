/** pixgate resize: pictures of files, or of standard input, by the same core. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImageError } from '../errors.ts';
import { extension } from '../http/headers.ts';
import { REQUEST_ONLY_PARAMS } from '../parsers.ts';
import { type TransformOptions, transform } from '../transform.ts';
import { parameterOptions } from './arguments.ts';
import { UsageError } from './keys.ts';

const HELP = `Usage: pixgate resize FILE... -w 640 [-f webp] [-o OUT]

  FILE                 pictures; - is standard input
  -o, --out OUT        a file, for one picture; a folder that is there, or ends with /, for several.
                       Without it: standard output for one, beside the original for several
  -w, -f, -q           width, format, quality; every parameter of the resizer by its name: --h 480 --fit cover

  --help`;

const OPTIONS = {
  out: { type: 'string', short: 'o' },
  help: { type: 'boolean' },
  ...parameterOptions([...REQUEST_ONLY_PARAMS, 'maxage', 'filename', 'dl'], ['w', 'f', 'q']),
} as const;

const isFolder = (path: string) =>
  path.endsWith('/') || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);

/** Where one of several goes. Beside the original its name tells the width. */
function target(file: string, out: string | undefined, { type, width }: { type: string; width?: number }): string {
  const name = basename(file, extname(file));
  if (out !== undefined) return join(out, `${name}.${extension(type)}`);
  return join(file, '..', `${name}-${width ?? 'fact'}.${extension(type)}`);
}

function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / all) * 24);
  process.stderr.write(
    `\r${'█'.repeat(filled)}${'·'.repeat(24 - filled)} ${done} of ${all}${done === all ? '\n' : ''}`,
  );
}

/** What is written must be neither an original nor what another picture of this run became. */
function refuseTaken(file: string, place: string, taken: Map<string, string>): void {
  const other = taken.get(resolve(place));
  if (other !== undefined) throw new UsageError(`${place} is ${other}: give --out another folder, or another name`);
  taken.set(resolve(place), `made of ${file} already`);
}

const originals = (files: readonly string[]) => new Map(files.map((file) => [resolve(file), 'an original']));

/** @returns what went wrong, one line a file */
async function resizeAll(
  files: readonly string[],
  out: string | undefined,
  options: TransformOptions,
): Promise<string[]> {
  const faults: string[] = [];
  const taken = originals(files);
  for (const [i, file] of files.entries()) {
    showProgress(i, files.length);
    try {
      const { data, info } = await transform(file === '-' ? process.stdin : await readFile(file), options);
      const place = target(file === '-' ? 'stdin' : file, out, info);
      refuseTaken(file, place, taken);
      await writeFile(place, data);
    } catch (error) {
      const isTold = error instanceof ImageError || error instanceof UsageError || (error as { code?: string }).code;
      if (!isTold) throw error;
      faults.push(`${file}: ${(error as Error).message}`);
    }
  }
  showProgress(files.length, files.length);
  return faults;
}

/** @throws UsageError for a mistake of who typed; Error with one line for each picture that could not be made */
export async function resizeCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { out, help, ...options } = values as Record<string, string | boolean | undefined>;
  if (help) return console.log(HELP);
  const asked = options as TransformOptions;
  const [first] = positionals;
  if (first === undefined) throw new UsageError(`A picture is needed.\n\n${HELP}`);
  const path = out as string | undefined;
  const toFolder = path !== undefined && isFolder(path);
  if (positionals.length > 1 && path !== undefined && !toFolder)
    throw new UsageError(`--out must be a folder for ${positionals.length} pictures: ${path}/`);
  if (toFolder) mkdirSync(path, { recursive: true });
  if (toFolder || positionals.length > 1) {
    const faults = await resizeAll(positionals, path, asked);
    if (faults.length) throw new Error(faults.join('\n'));
    return;
  }
  if (path !== undefined) refuseTaken(first, path, originals(positionals));
  const { data } = await transform(first === '-' ? process.stdin : readFileSync(first), asked);
  if (path === undefined) process.stdout.write(data);
  else writeFileSync(path, data);
}
