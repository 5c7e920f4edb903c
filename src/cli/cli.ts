#!/usr/bin/env node
/** The command `pixgate`: manages API keys, prints image URLs and resizes image files. Exit code 2: usage error; 1: any other error. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { expiresIn, generate, sign, type UrlOptions } from '../client/url.ts';
import { invalidValue, type PropertySchema, readValue } from '../schema.ts';
import { parameterOptions, UsageError } from './arguments.ts';
import { keysCommand } from './keys.ts';

const HELP = `Usage: pixgate <command>

  keys add|list|rotate|disable|push    manages the registry of API keys (pixgate keys --help)
  url  SOURCE --base URL [...]         prints the URL of a resized image
  sign SOURCE --base URL --id ID       prints a signed URL
  resize FILE... -w 640 -o OUT         resizes image files (pixgate resize --help)

For url and sign:
  SOURCE               URL of the source image
  --base URL           base URL of the deployment, such as https://img.example.com/
  --id ID              id of a key in mode signed (sign)
  --key-file FILE      file with the API key or the signing secret; default: the first line of standard input.
                       Keys are never arguments: every user of the machine can read a command line
  --days 30            days until a signed URL expires, at the end of a day; 1 to 400
  --w 640 --f webp …   any query parameter, by its name

  --help`;

/** Excludes the source, which is an argument, and the credentials, which `--id`, `--key-file` and `--days` give. */
const PARAMETERS = parameterOptions(['k', 's', 'u', 'exp']);
const OPTIONS = {
  base: { type: 'string' },
  id: { type: 'string' },
  'key-file': { type: 'string' },
  days: { type: 'string', default: '30' },
  help: { type: 'boolean' },
  ...PARAMETERS,
} as const;

/** Reads the first line of a file, or of standard input unless that is a terminal. */
function readKey(file: string | undefined): string | undefined {
  if (file === undefined && process.stdin.isTTY) return undefined;
  const [line = ''] = readFileSync(file ?? 0, 'utf8').split('\n');
  return line.trim() || undefined;
}

/** Reads and validates the query parameters of the command line. @throws UsageError */
function readParameters(values: Readonly<Record<string, unknown>>): UrlOptions {
  const parameters: Record<string, unknown> = {};
  for (const [name, property] of Object.entries<PropertySchema>(querySchema.properties)) {
    if (!(name in PARAMETERS)) continue;
    const value = values[name];
    if (value === undefined) continue;
    parameters[name] = typeof value === 'string' ? readValue(value, property) : value;
    // Validated with the required parameters only, so that any error belongs to this parameter.
    const query = { u: 'x', w: 1, [name]: parameters[name] };
    if (parameters[name] === undefined || !validate(query))
      throw new UsageError(`--${invalidValue(name, querySchema).detail}`);
  }
  return parameters;
}

/** Returns the URL, signed or not, of the source with these options. @throws UsageError */
async function imageUrl(command: 'url' | 'sign', args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return HELP;
  const { base, id, days, 'key-file': file } = values as Partial<Record<'base' | 'id' | 'days' | 'key-file', string>>;
  const [source] = positionals;
  if (!source) throw new UsageError(`A source URL is required: pixgate ${command} https://example.com/cat.jpg`);
  if (!base || !URL.canParse(base))
    throw new UsageError('--base must be the URL of the deployment, such as https://img.example.com/');
  const options = readParameters(values);
  const key = readKey(file);
  if (command === 'url') return generate(base, source, { ...options, ...(key !== undefined && { k: key }) });
  if (!id) throw new UsageError('--id must be the id of a key in mode signed');
  if (!key) throw new UsageError('The signing secret is required, in --key-file or on standard input');
  const lifetimeDays = Number(days);
  if (!Number.isInteger(lifetimeDays) || lifetimeDays < 1 || lifetimeDays > 400)
    throw new UsageError('--days must be an integer from 1 to 400');
  return sign(base, source, { id, secret: key }, { ...options, exp: expiresIn(lifetimeDays) });
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === 'keys') return keysCommand(args, console.log);
  if (command === 'resize') return (await import('./resize.ts')).resizeCommand(args);
  if (command === 'url' || command === 'sign') return console.log(await imageUrl(command, args));
  if (command === undefined || command === '--help') return console.log(HELP);
  throw new UsageError(`Unknown command: ${command}\n\n${HELP}`);
}

main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
  console.error(error.message);
  const isInvalid = error.code?.startsWith('ERR_PARSE_ARGS') || error.code === 'QUERY_INVALID';
  process.exitCode = error instanceof UsageError || isInvalid ? 2 : 1;
});
