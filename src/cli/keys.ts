/** pixgate keys: adds, lists, rotates, disables and hands out the entries of a registry file. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import schema from '../../schemas/keys.json' with { type: 'json' };
import { parseDuration } from '../http/freshness.ts';
import { type Key, parseKeys, sha256 } from '../keys/registry.ts';
import type { KeyEntry } from '../options.ts';
import { kebabCase } from '../schema.ts';

type Entry = Partial<KeyEntry> & { id: string };

/** The settings of a key that an option of the command line can give: `maxWidth` by `--max-width`. */
const POLICIES = Object.entries(schema.items.properties).filter(
  ([name]) => !['id', 'mode', 'sha256', 'secret', 'disabled'].includes(name),
);

export const HELP = `Usage: pixgate keys <command> [options]

  add ID               makes a key and prints it, this once; the registry gets its hash
      --mode signed    a signing secret instead, which the registry must hold
${POLICIES.map(([name, { type, description }]) => `      --${kebabCase(name).padEnd(14)} ${description.split(/[.:](?: |$)/)[0]}${type === 'array' ? ', comma-separated' : ''}`).join('\n')}
  list                 who has which keys, in what state
  rotate ID            a new key for an id; the old ones end after the overlap
      --overlap 30d    how long they stay valid (s, m, h, d, w)
  disable ID           refuses all keys of an id from now on
  push                 hands the registry to where a deployment reads it
      --ssm NAME       an SSM parameter, encrypted
      --secret NAME    a secret of Secrets Manager
      --kvs ARN        the hashes, to CloudFront's key value store; prints the commands
      --usage-plan ID  the hashes, to a usage plan of API Gateway; prints the commands

  --file FILE          the registry; .keys.json unless given
  --help`;

const STRING = { type: 'string' } as const;
const OPTIONS = {
  file: { type: 'string', default: '.keys.json' },
  overlap: { type: 'string', default: '30d' },
  mode: STRING,
  ssm: STRING,
  secret: STRING,
  kvs: STRING,
  'usage-plan': STRING,
  help: { type: 'boolean' },
  ...Object.fromEntries(
    POLICIES.map(([name, { type }]) => [kebabCase(name), type === 'boolean' ? ({ type: 'boolean' } as const) : STRING]),
  ),
} as const;

/** A mistake of who typed; told without a stack. */
export class UsageError extends Error {}

function read(file: string): Entry[] {
  if (!existsSync(file)) return [];
  try {
    parseKeys(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} is no registry: ${(error as Error).message}`);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Writes a registry that is right, for the owner's eyes only: it can hold secrets. */
function write(file: string, entries: readonly Entry[]): void {
  const text = `${JSON.stringify(entries, null, 2)}\n`;
  try {
    parseKeys(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  writeFileSync(file, text, { mode: 0o600 });
}

/** 160 bits of a key, 256 of a secret; the prefix is what secret scanners can look for. */
function makeKey(mode: string): { shown: string; stored: Partial<Entry> } {
  if (mode === 'signed') {
    const secret = `pxg_${randomBytes(32).toString('base64url')}`;
    return { shown: secret, stored: { mode: 'signed', secret } };
  }
  const key = `pxg_${randomBytes(20).toString('base64url')}`;
  return { shown: key, stored: { sha256: sha256(key) } };
}

/** Policies of the command line, in the types of the schema. */
function policiesOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    POLICIES.flatMap(([name, property]) => {
      const value = values[kebabCase(name)];
      if (value === undefined) return [];
      const numbers = property.type === 'integer' || ('items' in property && property.items.type === 'integer');
      const typed = (text: string) => (numbers && /^\d+$/.test(text) ? Number(text) : text);
      if (property.type === 'array')
        return [
          [
            name,
            String(value)
              .split(',')
              .map((item) => typed(item.trim())),
          ],
        ];
      return [[name, typeof value === 'string' ? typed(value) : value]];
    }),
  );
}

function state({ disabled, notBefore, notAfter }: Entry, now: number): string {
  if (disabled) return 'disabled';
  if (notBefore && Date.parse(notBefore) > now) return `from ${notBefore}`;
  if (notAfter) return Date.parse(notAfter) > now ? `until ${notAfter}` : 'expired';
  return 'valid';
}

function list(entries: readonly Entry[]): string {
  if (!entries.length) return 'There are no keys yet: pixgate keys add ID';
  const rows = entries.map((entry) => {
    const { id, mode = 'plain', sha256: hash, secret: _, notBefore, notAfter, disabled, ...policy } = entry;
    const rules = Object.entries(policy).map(([name, value]) => `${name}=${value}`);
    return [id, mode, hash ? `${hash.slice(0, 8)}…` : '', state(entry, Date.now()), rules.join(' ')];
  });
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const nameOf = (id: string | undefined) => {
  if (!id) throw new UsageError('An id is needed, such as: pixgate keys add acme');
  return id;
};

function rotate(entries: readonly Entry[], id: string, overlap: string): { entries: Entry[]; shown: string } {
  const length = parseDuration(overlap);
  if (Number.isNaN(length)) throw new UsageError('--overlap must be a length of time such as 30d');
  const current = entries.filter((entry) => entry.id === id && !entry.disabled);
  const last = current.at(-1);
  if (!last) throw new UsageError(`There is no key of ${id} that could be rotated.`);
  const end = new Date(Date.now() + length * 1000).toISOString();
  const { sha256: _, secret: __, notBefore: ___, notAfter: ____, ...kept } = last;
  const { shown, stored } = makeKey(last.mode ?? 'plain');
  const ending = (entry: Entry) =>
    current.includes(entry) && !(entry.notAfter && entry.notAfter < end) ? { ...entry, notAfter: end } : entry;
  return { entries: [...entries.map(ending), { ...kept, ...stored }], shown };
}

/** The gateway knows a key by the value that the authorizer makes of it: its hash, or that of a signed address's id. */
function planCommand({ id, sha256: hash = sha256(id) }: Key, plan: string): string {
  const made = `$(aws apigateway create-api-key --name ${id} --enabled --value ${hash} --query id --output text)`;
  return `aws apigateway create-usage-plan-key --usage-plan-id ${plan} --key-type API_KEY --key-id ${made}`;
}

async function push(
  file: string,
  { ssm, secret, kvs, 'usage-plan': plan }: Partial<Record<'ssm' | 'secret' | 'kvs' | 'usage-plan', string>>,
): Promise<string> {
  const text = readFileSync(file, 'utf8');
  const keys = parseKeys(text);
  if (ssm) {
    const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    await new SSMClient({}).send(
      new PutParameterCommand({ Name: ssm, Value: text, Type: 'SecureString', Overwrite: true }),
    );
    return `${keys.length} entries are in the SSM parameter ${ssm}. Instances read it again by themselves.`;
  }
  if (secret) {
    const { PutSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    await new SecretsManagerClient({}).send(new PutSecretValueCommand({ SecretId: secret, SecretString: text }));
    return `${keys.length} entries are in the secret ${secret}. Instances read it again by themselves.`;
  }
  if (plan)
    return keys
      .filter(({ disabled }) => !disabled)
      .map((key) => planCommand(key, plan))
      .join('\n');
  if (!kvs) throw new UsageError('push needs --ssm NAME, --secret NAME, --kvs ARN or --usage-plan ID');
  const now = Date.now();
  const [valid, over] = [[] as string[], [] as string[]];
  for (const { sha256: hash, disabled, notAfter = Number.POSITIVE_INFINITY } of keys)
    if (hash) (disabled || notAfter <= now ? over : valid).push(hash);
  const store = `--kvs-arn ${kvs}`;
  const etag = `$(aws cloudfront-keyvaluestore describe-key-value-store ${store} --query ETag --output text)`;
  return [
    ...valid.map(
      (hash) => `aws cloudfront-keyvaluestore put-key ${store} --if-match "${etag}" --key ${hash} --value 1`,
    ),
    ...over.map((hash) => `aws cloudfront-keyvaluestore delete-key ${store} --if-match "${etag}" --key ${hash}`),
  ].join('\n');
}

/** Runs a command; what it prints goes to `print`. @throws UsageError */
export async function keysCommand(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const options = values as Partial<Record<'mode' | 'ssm' | 'secret' | 'kvs' | 'usage-plan', string>> & {
    file: string;
    overlap: string;
  };
  const { file } = options;
  const [command, id] = positionals;
  const entries = read(file);
  switch (values.help ? 'help' : command) {
    case 'add': {
      const { shown, stored } = makeKey(options.mode ?? 'plain');
      if (options.mode !== undefined && !['plain', 'signed'].includes(options.mode))
        throw new UsageError('--mode must be plain or signed');
      write(file, [...entries, { id: nameOf(id), ...stored, ...policiesOf(values) }]);
      return print(shown);
    }
    case 'list':
      return print(list(entries));
    case 'rotate': {
      const { entries: rotated, shown } = rotate(entries, nameOf(id), options.overlap);
      write(file, rotated);
      return print(shown);
    }
    case 'disable': {
      if (!entries.some((entry) => entry.id === nameOf(id))) throw new UsageError(`There is no key of ${id}.`);
      write(
        file,
        entries.map((entry) => (entry.id === id ? { ...entry, disabled: true } : entry)),
      );
      return print(`All keys of ${id} are disabled.`);
    }
    case 'push':
      return print(await push(file, options));
    case 'help':
    case undefined:
      return print(HELP);
    default:
      throw new UsageError(`${command} is no command.\n\n${HELP}`);
  }
}
