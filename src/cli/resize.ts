/** The command `pixgate resize`: resizes files, URLs or standard input with `transform`. */
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { resolveConfig } from '../config.ts';
import { ImageError } from '../errors.ts';
import { REQUEST_ONLY_PARAMS } from '../parsers.ts';
import { type TransformLimits, type TransformOptions, transform } from '../transform.ts';
import { type Options, UsageError } from './arguments.ts';
import { defineCommand } from './command.ts';
import { errorMessage } from './error-message.ts';
import { findInputs, type Input } from './inputs.ts';
import { createReservations, formatOfFile, isFolder, outputPath } from './outputs.ts';
import { parameterOptions, readParameters } from './parameters.ts';
import { createReport, type Outcome } from './report.ts';

const OPTIONS = {
  out: {
    type: 'string',
    short: 'o',
    placeholder: 'OUT',
    description:
      'output file for one image, in the format of its suffix; output folder (an existing one, or ending in /) for several',
  },
  mark: {
    type: 'string',
    placeholder: 'FILE',
    description: 'an image that is drawn onto each output; see --mpos, --mscale, --malpha, --mx and --my',
  },
  json: { type: 'boolean', description: 'prints a line of JSON for each image' },
  quiet: { type: 'boolean', description: 'prints errors only' },
  'source-allowed-networks': {
    type: 'string',
    placeholder: 'LIST',
    description: 'networks that URLs may be in although they are not public, such as 127.0.0.0/8',
  },
} as const satisfies Options;

/** @throws UsageError for a list that is invalid */
function readLimits(networks: string | undefined): TransformLimits {
  if (networks === undefined) return {};
  const limits = { sourceAllowedNetworks: networks.split(',') };
  try {
    resolveConfig(limits);
  } catch (error) {
    const [, message = ''] = (error as Error).message.split('\n  ');
    throw new UsageError(message.replace('sourceAllowedNetworks', '--source-allowed-networks'));
  }
  return limits;
}

/** Reads the file of `--mark`, as the one mark that there is. */
async function readMark(file: string | undefined) {
  if (file === undefined) return undefined;
  const source = `data:;base64,${await readFile(file, 'base64')}`;
  return { options: { mark: 'mark' }, limits: { marks: JSON.stringify({ mark: { source } }) } };
}

/** Writes one image to standard output. @throws UsageError for bytes on a terminal */
async function resizeToStdout(input: Input, options: TransformOptions, limits: TransformLimits): Promise<void> {
  const { data } = await transform(await input.read(), options, limits);
  if (typeof data !== 'string' && process.stdout.isTTY)
    throw new UsageError('An image is not text for a terminal: write it to a file with -o FILE, or into a pipe');
  process.stdout.write(data);
}

/** An error of the options is that of every image, and ends the command. */
const isOptionError = (error: unknown) => error instanceof ImageError && error.errors !== undefined;

function failure(input: Input, error: unknown): Outcome {
  if (isOptionError(error)) throw error;
  const { code = 'INTERNAL', path } = error as NodeJS.ErrnoException;
  const message = errorMessage(error);
  // The report begins a line with the input.
  const isPrivate = error instanceof ImageError && error.code === 'SOURCE_FORBIDDEN';
  const hint = isPrivate ? ' To fetch from your own network: --source-allowed-networks 127.0.0.0/8' : '';
  const detail = `${path !== undefined && path === input.path ? message.slice(path.length + 2) : message}${hint}`;
  return { input: input.name, error: error instanceof UsageError ? 'OUTPUT_EXISTS' : code, detail };
}

/** Resizes images in parallel, one on each vCPU. @param out output file, or folder for several */
async function resizeAll(
  inputs: readonly Input[],
  { out, toFolder, json, quiet }: { out?: string | undefined; toFolder: boolean; json?: boolean; quiet?: boolean },
  options: TransformOptions,
  limits: TransformLimits,
): Promise<number> {
  const report = createReport(inputs.length, { json, quiet });
  const reserve = createReservations(inputs);
  const resizeOne = async (input: Input, before: Promise<void>): Promise<Outcome> => {
    try {
      const { data, info } = await transform(await input.read(), options, limits);
      const output = out === undefined || toFolder ? outputPath(input, out, info) : out;
      // In the order of the inputs, so that of two with one output the first has it.
      await before;
      reserve(input, output);
      await writeFile(output, data);
      const { type, width, height, size } = info;
      return { input: input.name, output, type, ...(width && { width }), ...(height && { height }), bytes: size };
    } catch (error) {
      return failure(input, error);
    }
  };
  const limit = pLimit(availableParallelism());
  const tasks: Promise<void>[] = [];
  for (const input of inputs) {
    const before = tasks.at(-1) ?? Promise.resolve();
    tasks.push(
      limit(() => resizeOne(input, before)).then(async (outcome) => {
        await before;
        report.add(outcome);
      }),
    );
  }
  await Promise.all(tasks);
  return report.end();
}

export const resize = defineCommand({
  usage: 'INPUT... -w 640 [-o OUT] [options]',
  description: `INPUT is an image file, a URL, a pattern such as 'photos/*.jpg', or - for standard input. Without -o, one image goes to
standard output, and several are written next to the originals, with the width in their names.`,
  options: OPTIONS,
  parameters: parameterOptions([...REQUEST_ONLY_PARAMS, 'maxage', 'filename', 'dl', 'mark']),
  async run({ values: { json = false, quiet = false, ...values }, parameters, positionals }) {
    const mark = await readMark(values.mark);
    const options = { ...readParameters(parameters), ...mark?.options } as TransformOptions;
    const limits = { ...readLimits(values['source-allowed-networks']), ...mark?.limits };
    const inputs = await findInputs(positionals);
    const [first] = inputs;
    if (!first) throw new UsageError('An image file is required: pixgate resize photo.jpg -w 640 -o small.webp');
    const out = values.out === '-' ? undefined : values.out;
    const toFolder = out !== undefined && isFolder(out);
    if (inputs.length > 1 && out !== undefined && !toFolder)
      throw new UsageError(`--out must be a folder for ${inputs.length} images: ${out}/`);
    if (inputs.length === 1 && out === undefined) {
      if (json) throw new UsageError('--json needs a file for the image: -o FILE');
      return resizeToStdout(first, options, limits);
    }
    if (toFolder) mkdirSync(out, { recursive: true });
    const isFile = out !== undefined && !toFolder && options.encoding === undefined;
    const f = isFile ? formatOfFile(out, options.f) : options.f;
    const failures = await resizeAll(
      inputs,
      { out, toFolder, json, quiet },
      { ...options, ...(f !== undefined && { f }) } as TransformOptions,
      limits,
    );
    if (failures) process.exitCode = 1;
  },
});
