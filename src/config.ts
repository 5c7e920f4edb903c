/** The environment, read once by an entry: checked by `schemas/config.json`, every fault in one message, frozen. */
import schema from '../schemas/config.json' with { type: 'json' };
import { config as validate } from '../schemas/validators.js';
import { type Network, parseNetwork } from './image/ssrf.ts';
import type { ApiKey } from './middlewares/api-key.ts';
import { expectation, type PropertySchema, readValue } from './middlewares/query-schema.ts';
import type { Settings } from './options.ts';

/** The settings, and the two lists among them taken apart. */
export interface Config extends Omit<Settings, 'apiKeys' | 'sourceAllowedNetworks'> {
  readonly apiKeys: readonly ApiKey[];
  readonly sourceAllowedNetworks: readonly Network[];
}

type Property = PropertySchema & { readonly format?: string };
const properties: Readonly<Record<string, Property>> = schema.properties;

/** SOURCE_MAX_BYTES → sourceMaxBytes: the name of a setting in the code. */
export const camelCase = (name: string) =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const LISTS: Readonly<Record<string, string>> = {
  API_KEYS: 'id:key pairs, separated by commas, at least one',
  SOURCE_ALLOWED_NETWORKS: 'networks such as 10.0.0.0/8, separated by commas, with no bits set behind the prefix',
};

function readVariable(text: string, property: Property): unknown {
  if (property.type !== 'array') return readValue(text, property);
  return text.split(',').map((item) => item.trim());
}

const isNetwork = (cidr: string) => {
  try {
    return Boolean(parseNetwork(cidr));
  } catch {
    return false;
  }
};

/**
 * The configuration of a deployment.
 *
 * @param env the environment; an empty variable counts as unset
 * @throws TypeError with one line for each wrong variable. The value of API_KEYS is not repeated.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values: Record<string, unknown> = {};
  const wrong = new Set<string>();
  for (const [name, property] of Object.entries(properties)) {
    const text = env[name]?.trim();
    if (!text) continue;
    values[name] = readVariable(text, property);
    if (values[name] === undefined) wrong.add(name);
  }
  validate(values);
  for (const { params, instancePath } of validate.errors ?? [])
    wrong.add(String(params.missingProperty ?? instancePath.split('/')[1]));
  const networks = (values.SOURCE_ALLOWED_NETWORKS ?? []) as string[];
  if (!networks.every(isNetwork)) wrong.add('SOURCE_ALLOWED_NETWORKS');
  if (wrong.size)
    throw new TypeError(['The configuration is wrong:', ...[...wrong].map((name) => fault(name, env))].join('\n  '));

  const settings = Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
  const apiKeys = ((values.API_KEYS ?? []) as string[]).map((pair) => {
    const [id = '', key = ''] = pair.split(':');
    return Object.freeze({ id, key });
  });
  return Object.freeze({
    ...settings,
    apiKeys,
    sourceAllowedNetworks: networks.map(parseNetwork),
  } as unknown as Config);
}

function fault(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const property = properties[name];
  const wanted = LISTS[name] ?? (property ? expectation(property) : 'valid');
  const given = env[name]?.trim();
  if (!given) return `${name} is required: ${wanted}`;
  return `${name} must be ${wanted}${name === 'API_KEYS' ? '' : `, not ${JSON.stringify(given)}`}`;
}
