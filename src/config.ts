/** The environment, read once by an entry: checked by `schemas/config.json`, every fault in one message, frozen. */
import schema from '../schemas/config.json' with { type: 'json' };
import { config as validate } from '../schemas/validators.js';
import { type HostPattern, parseHostPattern } from './fetch/source-url.ts';
import { type Network, parseNetwork } from './fetch/ssrf.ts';
import { type Key, parseKeys } from './keys/registry.ts';
import type { Settings } from './options.ts';
import { camelCase, expectation, type PropertySchema, readValue } from './schema.ts';

/** The settings, and the lists among them taken apart. */
export interface Config extends Omit<Settings, 'apiKeys' | 'sourceAllowedNetworks' | 'sourceAllowedHosts' | 'presets'> {
  /** Empty where the registry lies elsewhere, or none is needed. */
  readonly apiKeys: readonly Key[];
  readonly sourceAllowedNetworks: readonly Network[];
  readonly sourceAllowedHosts: readonly HostPattern[];
  /** Preset → its parameters, as a query. */
  readonly presets: Readonly<Record<string, string>>;
}

type Property = PropertySchema & { readonly format?: string };
const properties: Readonly<Record<string, Property>> = schema.properties;

const parsePreset = (pair: string): [string, string] => {
  const cut = pair.indexOf('=');
  return [pair.slice(0, cut), pair.slice(cut + 1)];
};

/** Lists: what their entries must be, in words, and how an entry is taken apart. A parser throws for an entry that is none. */
const LISTS: Readonly<Record<string, { readonly of: string; readonly parse: (item: string) => unknown }>> = {
  SOURCE_ALLOWED_NETWORKS: {
    of: 'networks such as 10.0.0.0/8 or 127.0.0.1/32 (no bits set behind the prefix)',
    parse: parseNetwork,
  },
  SOURCE_ALLOWED_HOSTS: { of: 'host names such as example.com or *.example.com', parse: parseHostPattern },
  PRESETS: { of: 'name=query pairs such as thumb=w=200&h=200&fit=cover', parse: parsePreset },
  SOURCE_ALLOWED_BUCKETS: { of: 'names of buckets', parse: String },
  OWN_HOSTS: { of: 'host names such as img.example.com', parse: (item) => hostName(parseHostPattern(item)) },
};
const hostName = ({ name, port }: HostPattern) => (port ? `${name}:${port}` : name);

/** A preset has commas of its own. */
const separator = (name: string) => (name === 'PRESETS' ? ';' : ',');

function readVariable(name: string, text: string, property: Property): unknown {
  if (property.type !== 'array') return readValue(text, property);
  return text.split(separator(name)).map((item) => item.trim());
}

/** Letters to insert, drop or change to make one name of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (next[j - 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** A variable that is nearly one of ours: a misspelt list of allowed hosts would leave everything open without a word. */
function misspelt(env: Readonly<Record<string, string | undefined>>): string[] {
  const ours = Object.keys(properties).filter((name) => name.includes('_'));
  return Object.keys(env).flatMap((name) => {
    if (properties[name] || !name.includes('_')) return [];
    const meant = ours.find((one) => Math.abs(one.length - name.length) <= 2 && distance(name, one) <= 2);
    return meant ? [`${name} is not a setting: ${meant} is meant`] : [];
  });
}

/** Where keys can come from; one of them is needed. */
const KEY_SOURCES = ['API_KEYS', 'API_KEYS_SSM', 'API_KEYS_SECRET'];

/** The keys of the environment, and what is wrong with where keys come from. Neither key nor secret is repeated. */
function readKeys(values: Readonly<Record<string, unknown>>): { keys: readonly Key[]; faults: string[] } {
  const given = KEY_SOURCES.filter((name) => values[name] !== undefined);
  const faults: string[] = [];
  if (values.API_KEYS_FILE !== undefined) faults.push('API_KEYS_FILE is for the local server only');
  if (given.length > 1) faults.push(`${given.join(' and ')} exclude each other`);
  if (given.length === 0 && values.PUBLIC !== 'on')
    faults.push(
      'API_KEYS is required: id:key pairs such as demo:myKey, or a JSON list (or API_KEYS_SSM, API_KEYS_SECRET; PUBLIC=on lets everybody in)',
    );
  try {
    return { keys: typeof values.API_KEYS === 'string' ? parseKeys(values.API_KEYS) : [], faults };
  } catch (error) {
    return { keys: [], faults: [...faults, `API_KEYS is wrong: ${(error as Error).message}`] };
  }
}

/**
 * The configuration of a deployment.
 *
 * @param env the environment; an empty variable counts as unset
 * @throws TypeError with one line for each wrong variable. No key is repeated.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values: Record<string, unknown> = {};
  const wrong = new Set<string>();
  for (const [name, property] of Object.entries(properties)) {
    const text = env[name]?.trim();
    if (!text) continue;
    values[name] = readVariable(name, text, property);
    if (values[name] === undefined) wrong.add(name);
  }
  validate(values);
  for (const { params, instancePath } of validate.errors ?? [])
    wrong.add(String(params.missingProperty ?? instancePath.split('/')[1]));
  for (const [name, { parse }] of Object.entries(LISTS)) {
    if (wrong.has(name)) continue;
    try {
      values[name] = (values[name] as string[]).map(parse);
    } catch {
      wrong.add(name);
    }
  }
  const { keys, faults: keyFaults } = readKeys(values);
  if (values.PRESETS_ONLY === 'on' && !(values.PRESETS as string[]).length)
    keyFaults.push('PRESETS_ONLY=on needs PRESETS: nothing could be asked for');
  const faults = [...keyFaults, ...[...wrong].map((name) => fault(name, env)), ...misspelt(env)];
  if (faults.length) throw new TypeError(['The configuration is wrong:', ...faults].join('\n  '));
  values.API_KEYS = keys;
  values.PRESETS = Object.fromEntries(values.PRESETS as [string, string][]);
  const settings = Object.entries(values).map(([name, value]) => [camelCase(name), value]);
  return Object.freeze(Object.fromEntries(settings)) as Config;
}

function fault(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const property = properties[name];
  const list = LISTS[name];
  const wanted = list ? `${list.of}, separated by ${separator(name)}` : property ? expectation(property) : 'valid';
  const given = env[name]?.trim();
  if (!given) return `${name} is required: ${wanted}`;
  return `${name} must be ${wanted}, not ${JSON.stringify(given)}`;
}
