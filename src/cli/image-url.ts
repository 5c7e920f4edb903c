/** The commands `pixgate url` and `pixgate sign`. */
import keysSchema from '../../schemas/keys.json' with { type: 'json' };
import { expiresIn, generate, sign as signUrl } from '../client/url.ts';
import { expectation } from '../schema.ts';
import { type Options, UsageError } from './arguments.ts';
import { defineCommand } from './command.ts';
import { readKey } from './key-file.ts';
import { parameterOptions, readParameters } from './parameters.ts';

/** Excludes the source, which is an argument, and the credentials and the expiry, which have options of their own. */
const PARAMETERS = parameterOptions(['k', 's', 'u', 'exp']);

const BASE = {
  type: 'string',
  placeholder: 'URL',
  description: 'base URL of the deployment, such as https://img.example.com/',
} as const;

const keyFile = (content: string) =>
  ({
    type: 'string',
    placeholder: 'FILE',
    description: `file with the ${content} in its first line; default: standard input`,
  }) as const;

/** @throws UsageError unless there are a source and a base URL */
function checkUrls([source, ...others]: readonly string[], base: string | undefined): { source: string; base: string } {
  if (!source || others.length) throw new UsageError('One source URL is required, such as https://example.com/cat.jpg');
  if (!base || !/^https?:$/.test(URL.parse(base)?.protocol ?? ''))
    throw new UsageError('--base must be the URL of the deployment, such as https://img.example.com/');
  return { source, base };
}

export const url = defineCommand({
  usage: 'SOURCE --base URL [options] < KEY_FILE',
  description: 'SOURCE is the URL of an image. The API key is read from standard input, or from a file.',
  options: {
    base: BASE,
    'key-file': keyFile('API key'),
    anonymous: { type: 'boolean', description: 'prints a URL without a key, for a deployment with ALLOW_ANONYMOUS' },
  } satisfies Options,
  parameters: PARAMETERS,
  run({ values, parameters, positionals }) {
    const { source, base } = checkUrls(positionals, values.base);
    const options = readParameters(parameters);
    if (values.anonymous) return console.log(generate(base, source, options));
    const k = readKey(values['key-file']);
    if (k === undefined)
      throw new UsageError(
        'The API key is required: in --key-file or on standard input; or --anonymous for a URL without one',
      );
    console.log(generate(base, source, { ...options, k }));
  },
});

const { id: ID, secret: SECRET } = keysSchema.items.properties;

/** Whether `sign` can decode a secret: four characters of base64url are three bytes, and one alone is none. */
const isSecret = (text: string) => new RegExp(SECRET.pattern).test(text) && text.replace(/^pxg_/, '').length % 4 !== 1;

export const sign = defineCommand({
  usage: 'SOURCE --base URL --id ID [options] < SECRET_FILE',
  description: 'SOURCE is the URL of an image. The signing secret is read from standard input, or from a file.',
  options: {
    base: BASE,
    id: { type: 'string', placeholder: 'ID', description: 'id of a key in mode signed' },
    'key-file': keyFile('signing secret'),
    days: {
      type: 'string',
      placeholder: 'N',
      description: 'days until the URL expires, at the end of a day: 1 to 400; default: 30',
    },
  } satisfies Options,
  parameters: PARAMETERS,
  async run({ values: { id, days = '30', ...values }, parameters, positionals }) {
    const { source, base } = checkUrls(positionals, values.base);
    const options = readParameters(parameters);
    const lifetimeDays = /^\d+$/.test(days) ? Number(days) : 0;
    if (lifetimeDays < 1 || lifetimeDays > 400) throw new UsageError('--days must be a whole number from 1 to 400');
    if (!id || !new RegExp(ID.pattern).test(id))
      throw new UsageError(`--id must be the id of a key in mode signed: ${expectation(ID)}`);
    const secret = readKey(values['key-file']);
    if (!secret) throw new UsageError('The signing secret is required: in --key-file or on standard input');
    if (!isSecret(secret))
      throw new UsageError(
        `The signing secret must be ${expectation(SECRET)}, as pixgate keys add ID --mode signed prints it`,
      );
    console.log(await signUrl(base, source, { id, secret }, { ...options, exp: expiresIn(lifetimeDays) }));
  },
});
