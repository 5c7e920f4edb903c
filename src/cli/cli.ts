#!/usr/bin/env node
/** pixgate: keys, addresses of pictures, and pictures of files, on the command line. Exit code 2 is a mistake of who typed. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { expiresIn, generate, sign, type UrlOptions } from '../client/url.ts';
import { parameterFault, readValue } from '../schema.ts';
import { parameterOptions } from './arguments.ts';
import { keysCommand, UsageError } from './keys.ts';

const HELP = `Usage: pixgate <command>

  keys add|list|rotate|disable|push    the registry of API keys (pixgate keys --help)
  url  SOURCE --base ADDRESS [...]     prints the address of a picture
  sign SOURCE --base ADDRESS --id ID   prints a signed one
  resize FILE... -w 640 -o OUT         makes pictures of files (pixgate resize --help)

For url and sign:
  --base ADDRESS       where the resizer is, such as https://img.example.com/
  --id ID              the id of a key in mode signed (sign)
  --key-file FILE      the key, or the signing secret; without it, the first line of standard input.
                       Never on the command line, which every user of the machine can see
  --days 30            when a signed address expires, at the end of a day; at most 400
  --w 640 --f webp …   every parameter of the resizer, by its name

  --help`;

/** Who asks and what is signed comes from elsewhere. */
const PARAMETERS = parameterOptions(['k', 's', 'u', 'exp']);
const OPTIONS = {
  base: { type: 'string' },
  id: { type: 'string' },
  'key-file': { type: 'string' },
  days: { type: 'string', default: '30' },
  help: { type: 'boolean' },
  ...PARAMETERS,
} as const;

/** The key of a file, or of standard input when something is piped in. */
function readKey(file: string | undefined): string | undefined {
  if (file === undefined && process.stdin.isTTY) return undefined;
  return (
    readFileSync(file ?? 0, 'utf8')
      .split('\n')[0]
      ?.trim() || undefined
  );
}

function parametersOf(values: Readonly<Record<string, unknown>>): UrlOptions {
  const given: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(querySchema.properties)) {
    if (!(name in PARAMETERS)) continue;
    const value = values[name];
    if (value === undefined) continue;
    given[name] = typeof value === 'string' ? readValue(value, property as never) : value;
    // Once alone, so that the fault is this parameter's.
    const alone = { u: 'x', w: 1, [name]: given[name] };
    if (given[name] === undefined || !validate(alone))
      throw new UsageError(`--${parameterFault(name, querySchema).detail}`);
  }
  return given;
}

async function address(command: 'url' | 'sign', args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return HELP;
  const { base, id, days, 'key-file': file } = values as unknown as Record<string, string | undefined>;
  const [source] = positionals;
  if (!source)
    throw new UsageError(`The address of a picture is needed: pixgate ${command} https://example.com/cat.jpg`);
  if (!base || !URL.canParse(base))
    throw new UsageError('--base must be the address of the resizer, such as https://img.example.com/');
  const options = parametersOf(values);
  const key = readKey(file);
  if (command === 'url') return generate(base, source, { ...options, ...(key !== undefined && { k: key }) });
  if (!id) throw new UsageError('--id must be the id of a key in mode signed');
  if (!key) throw new UsageError('The signing secret is needed, in --key-file or on standard input');
  const ahead = Number(days);
  if (!Number.isInteger(ahead) || ahead < 1 || ahead > 400)
    throw new UsageError('--days must be a whole number from 1 to 400');
  return sign(base, source, { id, secret: key }, { ...options, exp: expiresIn(ahead) });
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === 'keys') return keysCommand(args, console.log);
  if (command === 'resize') return (await import('./resize.ts')).resizeCommand(args);
  if (command === 'url' || command === 'sign') return console.log(await address(command, args));
  if (command === undefined || command === '--help') return console.log(HELP);
  throw new UsageError(`${command} is no command.\n\n${HELP}`);
}

main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
  console.error(error.message);
  const mistyped = error.code?.startsWith('ERR_PARSE_ARGS') || error.code === 'QUERY_INVALID';
  process.exitCode = error instanceof UsageError || mistyped ? 2 : 1;
});
