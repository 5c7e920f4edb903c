/** Where the outputs of a command are written, and in which format. */
import { statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { extension } from '../http/headers.ts';
import { readValue } from '../schema.ts';
import { UsageError } from './arguments.ts';
import type { Input } from './inputs.ts';

const { f: FORMAT } = querySchema.properties;
/** Formats with a suffix of their own; placeholders are text, in a file of any name. */
const SUFFIXES = FORMAT.enum.filter(
  (name) => !['auto', 'origin', 'blurhash', 'thumbhash', 'lqip', 'color'].includes(name),
);

/** Returns the format that a suffix means: `jpg` for `.JPEG`; undefined for another suffix. */
function formatOfSuffix(suffix: string): string | undefined {
  const format = readValue(suffix.slice(1).toLowerCase(), FORMAT);
  return SUFFIXES.find((known) => known === format);
}

/**
 * Returns the format of an output file: that of `-f`, or else of its suffix.
 *
 * @param f value of `-f`
 * @returns undefined for the default
 * @throws UsageError if both differ, or neither gives a format
 */
export function formatOfFile(path: string, f: string | undefined): string | undefined {
  const suffix = extname(path);
  const given = f === undefined || f === 'auto' || f === 'origin' ? undefined : f;
  const format = formatOfSuffix(suffix);
  if (given === undefined && suffix && format === undefined)
    throw new UsageError(
      `${path}: ${suffix} is no output format. Use one of .${SUFFIXES.join(', .')}, or give the format with -f`,
    );
  if (given !== undefined && format !== undefined && given !== format)
    throw new UsageError(`${path} has the suffix of ${format}, and -f is ${given}: choose one of them`);
  return given ?? format ?? f;
}

/** Whether an output path is a folder: an existing one, or one that ends in a slash. */
export const isFolder = (path: string): boolean =>
  /[/\\]$/.test(path) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);

/** Returns the path of the output for an input: in a folder, or beside the input with the width in its name. */
export function outputPath(
  { folder, stem }: Input,
  out: string | undefined,
  { type, width }: { readonly type: string; readonly width?: number },
): string {
  if (out !== undefined) return join(out, `${stem}.${extension(type)}`);
  return join(folder, `${stem}-${width ?? 'info'}.${extension(type)}`);
}

/**
 * Returns a function that reserves the path of an output, so that it overwrites neither an input nor another output of this run.
 * It throws a UsageError.
 */
export function createReservations(inputs: readonly Input[]): (input: Input, output: string) => void {
  const owners = new Map(inputs.flatMap(({ path }) => (path === undefined ? [] : [[resolve(path), 'an input file']])));
  return ({ name }, output) => {
    const owner = owners.get(resolve(output));
    if (owner !== undefined) throw new UsageError(`${output} is ${owner}: choose another --out folder or file name`);
    owners.set(resolve(output), `already the output of ${name}`);
  };
}
