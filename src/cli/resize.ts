/** The command `pixgate resize`: resizes files or standard input with `transform`. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImageError } from '../errors.ts';
import { extension } from '../http/headers.ts';
import { REQUEST_ONLY_PARAMS } from '../parsers.ts';
import { type TransformOptions, transform } from '../transform.ts';
import { parameterOptions, UsageError } from './arguments.ts';

const HELP = `Usage: pixgate resize FILE... -w 640 [-f webp] [-o OUT]

  FILE                 image files; - is standard input
  -o, --out OUT        output file for one image, output folder (an existing one, or ending in /) for several;
                       default: standard output for one image, next to the originals for several
  -w, -f, -q           width, format, quality; all other query parameters by their names: --h 480 --fit cover

  --help`;

const OPTIONS = {
  out: { type: 'string', short: 'o' },
  help: { type: 'boolean' },
  ...parameterOptions([...REQUEST_ONLY_PARAMS, 'maxage', 'filename', 'dl'], ['w', 'f', 'q']),
} as const;

const isFolder = (path: string) =>
  path.endsWith('/') || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);

/** Returns the output path of one of several images. Without an output folder: next to the original, with the width in the name. */
function outputPath(file: string, out: string | undefined, { type, width }: { type: string; width?: number }): string {
  const name = basename(file, extname(file));
  if (out !== undefined) return join(out, `${name}.${extension(type)}`);
  return join(file, '..', `${name}-${width ?? 'fact'}.${extension(type)}`);
}

/** Draws a progress bar on standard error, if that is a terminal. */
function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / total) * 24);
  process.stderr.write(
    `\r${'█'.repeat(filled)}${'·'.repeat(24 - filled)} ${done} of ${total}${done === total ? '\n' : ''}`,
  );
}

/** Reserves an output path, so that no output overwrites an input or another output of this run. @throws UsageError */
function reserve(file: string, output: string, reserved: Map<string, string>): void {
  const owner = reserved.get(resolve(output));
  if (owner !== undefined) throw new UsageError(`${output} is ${owner}: choose another --out folder or file name`);
  reserved.set(resolve(output), `already the output of ${file}`);
}

const inputPaths = (files: readonly string[]) => new Map(files.map((file) => [resolve(file), 'an input file']));

/** Resizes several files, in turn. @returns one error message for each file that failed */
async function resizeAll(
  files: readonly string[],
  out: string | undefined,
  options: TransformOptions,
): Promise<string[]> {
  const failures: string[] = [];
  const reserved = inputPaths(files);
  for (const [i, file] of files.entries()) {
    showProgress(i, files.length);
    try {
      const { data, info } = await transform(file === '-' ? process.stdin : await readFile(file), options);
      const output = outputPath(file === '-' ? 'stdin' : file, out, info);
      reserve(file, output, reserved);
      await writeFile(output, data);
    } catch (error) {
      const isExpected =
        error instanceof ImageError || error instanceof UsageError || (error as { code?: string }).code;
      if (!isExpected) throw error;
      failures.push(`${file}: ${(error as Error).message}`);
    }
  }
  showProgress(files.length, files.length);
  return failures;
}

/** Runs the command. @throws UsageError for invalid arguments; Error with one line for each file that failed */
export async function resizeCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { out, help, ...options } = values as Record<string, string | boolean | undefined>;
  if (help) return console.log(HELP);
  const transformOptions = options as TransformOptions;
  const [file] = positionals;
  if (file === undefined) throw new UsageError(`An image file is required.\n\n${HELP}`);
  const path = out as string | undefined;
  const toFolder = path !== undefined && isFolder(path);
  if (positionals.length > 1 && path !== undefined && !toFolder)
    throw new UsageError(`--out must be a folder for ${positionals.length} images: ${path}/`);
  if (toFolder) mkdirSync(path, { recursive: true });
  if (toFolder || positionals.length > 1) {
    const failures = await resizeAll(positionals, path, transformOptions);
    if (failures.length) throw new Error(failures.join('\n'));
    return;
  }
  if (path !== undefined) reserve(file, path, inputPaths(positionals));
  const { data } = await transform(file === '-' ? process.stdin : readFileSync(file), transformOptions);
  if (path === undefined) process.stdout.write(data);
  else writeFileSync(path, data);
}
