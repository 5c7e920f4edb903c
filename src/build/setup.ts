/**
 * npm run setup [-- --yes]: asks at most five questions, makes a first API key, prints what is deployed and what it costs, writes
 * the parameters to samconfig.toml and the keys to SSM, and calls `sam deploy`. It can be run again: each default is what was
 * chosen before, and existing keys stay as they are.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UsageError } from '../cli/arguments.ts';
import {
  type Choices,
  fromParameters,
  monthlyCost,
  type Question,
  questions,
  toParameters,
} from './deployment-plan.ts';
import { command } from './npm.ts';
import { formatOverrides, parseOverrides, readOption, writeOptions } from './samconfig.ts';
import { findKeys, type KeyState, storeKeys } from './setup-keys.ts';

const HELP = `Usage: npm run setup [-- options]

Asks for what has no option, and deploys. Run npm run build before it.

  --region NAME         AWS region
  --domain "HOST ARN"   domain, ARN of its certificate in us-east-1, and perhaps the id of its Route 53 zone
  --hosts LIST          hosts of your images, comma-separated; default: all public hosts
  --key-id ID           id of the first API key; default: website
  --alarm-email ADDRESS address for alarms; default: none
  --stack-name NAME     default: pixgate
  --yes                 asks nothing: takes the default of each question without an option
  --dry-run             prints the plan only: writes nothing, and deploys nothing
  --help`;

const STRING = { type: 'string' } as const;
const OPTIONS = {
  region: STRING,
  domain: STRING,
  hosts: STRING,
  'key-id': STRING,
  'alarm-email': STRING,
  'stack-name': STRING,
  yes: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
type Options = { readonly [Name in keyof typeof OPTIONS]?: string | boolean };

const root = new URL('../../', import.meta.url);
const path = (name: string) => fileURLToPath(new URL(name, root));

/** Returns the architecture of the package in dist/, as Lambda names it. @throws UsageError without a package */
function builtArchitecture(): string {
  for (const [name, architecture] of [
    ['arm64', 'arm64'],
    ['x64', 'x86_64'],
  ] as const)
    if (existsSync(path(`dist/node_modules/@img/sharp-linux-${name}`))) return architecture;
  throw new UsageError('There is no package in dist/ yet: npm run build');
}

const optionName = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Asks until an answer is valid. @throws UsageError for an invalid option, or default if nothing may be asked */
async function choose(question: Question, options: Options, ask: ((text: string) => Promise<string>) | undefined) {
  const given = options[optionName(question.name) as keyof Options];
  if (typeof given === 'string' || !ask) {
    const value = typeof given === 'string' ? given.trim() : question.fallback;
    const error = question.check(value);
    if (error) throw new UsageError(`--${optionName(question.name)}: ${error}`);
    return value;
  }
  for (;;) {
    const shown = question.fallback && ` [${question.fallback}]`;
    const value = (await ask(`${question.text}${shown}: `)).trim() || question.fallback;
    const error = question.check(value);
    if (!error) return value;
    console.log(error);
  }
}

/** Prints what is created, and the cost of a month. */
function printPlan(stack: string, { region, domain, hosts, alarmEmail }: Choices, keys: string): void {
  const [host = ''] = domain.split(' ');
  const costs = monthlyCost({ alarms: alarmEmail !== '' });
  const total = costs.reduce((sum, [, dollars]) => sum + dollars, 0);
  const rows = [...costs, ['Total', total] as const].map(
    ([item, dollars]) => `  ${item.padEnd(50)} $${dollars.toFixed(2)}`,
  );
  const lines = [
    `\nStack ${stack} in ${region}: a CloudFront distribution${host && ` for ${host}`}, and a Lambda function.`,
    `API keys: ${keys}. Sources: ${hosts || 'all public hosts'}. Alarms: ${alarmEmail || 'none'}.`,
    '\nA month with 1 million requests of 30 kB each, at list prices without free tiers:',
    ...rows,
  ];
  console.log(lines.join('\n'));
}

/** Asks the questions. The one about the key needs the region, and comes only if there is no key yet. */
async function askAll(options: Options, list: readonly Question[], keysIn: (region: string) => Promise<KeyState>) {
  const terminal = options.yes ? undefined : createInterface({ input: process.stdin, output: process.stdout });
  const ask = terminal && ((text: string) => terminal.question(text));
  const choices: Record<string, string> = {};
  let keys: KeyState = 'none';
  try {
    for (const question of list) {
      if (question.name === 'keyId') keys = await keysIn(choices.region ?? '');
      if (question.name !== 'keyId' || keys === 'none') choices[question.name] = await choose(question, options, ask);
    }
  } finally {
    terminal?.close();
  }
  return { choices: choices as unknown as Choices & { readonly keyId?: string }, keys };
}

/** Runs `sam deploy` in this terminal. @throws Error if it fails, with the code ENOENT if there is no SAM CLI */
async function deploy(): Promise<void> {
  console.log('\nsam deploy');
  const { file, args, shell } = command('sam', ['deploy'], process.platform);
  const sam = spawn(file, args, { cwd: fileURLToPath(root), stdio: 'inherit', shell });
  const code = await new Promise<number | null>((done, fail) => sam.on('error', fail).on('close', done));
  if (code !== 0)
    throw new Error(`sam deploy failed (${code}). The parameters are in samconfig.toml: sam deploy tries again.`);
  console.log('\nEmbed an image with the output Img above, with your key in the place of KEY.');
}

async function main(): Promise<void> {
  const options = parseArgs({ options: OPTIONS }).values;
  if (options.help) return console.log(HELP);
  const architecture = builtArchitecture();
  const config = readFileSync(path('samconfig.toml'), 'utf8');
  const stack = options['stack-name'] ?? String(readOption(config, 'stack_name') ?? 'pixgate');
  const existing = parseOverrides(readOption(config, 'parameter_overrides'));
  const region = readOption(config, 'region');
  const defaults = { ...fromParameters(existing), ...(region !== undefined && { region: String(region) }) };
  const parameter = `/${stack}/keys`;
  const place = { parameter, file: path('.keys.json') };
  const { choices, keys } = await askAll(options, questions(defaults, 'website'), (chosen) =>
    findKeys({ ...place, region: chosen }),
  );
  const source = { none: `a new one, ${choices.keyId}`, local: 'those in .keys.json', stored: `those in ${parameter}` };
  printPlan(stack, choices, source[keys]);
  if (options['dry-run']) return;
  await storeKeys(keys, choices.keyId ?? '', { ...place, region: choices.region }, console.log);
  // The parameter is the only source of keys.
  const keySources = { ApiKeys: '', KeysSecret: '', KeysParameter: parameter };
  const parameters = { ...existing, ...toParameters(choices), ...keySources, Architecture: architecture };
  const common = { stack_name: stack, region: choices.region };
  const own = { ...common, s3_prefix: stack, parameter_overrides: formatOverrides(parameters) };
  writeFileSync(path('samconfig.toml'), writeOptions(writeOptions(config, 'global', common), 'deploy', own));
  await deploy();
}

/** Names of errors of the SDK without credentials. */
const NO_CREDENTIALS = ['CredentialsProviderError', 'UnrecognizedClientException', 'ExpiredTokenException'];

main().catch((error: Error & { code?: string }) => {
  if (error.code === 'ENOENT') console.error('The SAM CLI is not installed: pip install aws-sam-cli');
  else if (NO_CREDENTIALS.includes(error.name))
    console.error(`AWS has no valid credentials: aws configure, or aws sso login (${error.message})`);
  else console.error(error.message);
  process.exitCode = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
});
