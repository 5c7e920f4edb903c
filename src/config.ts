/** The configuration: the environment, read once by an entry point and validated by `schemas/config.json`, and frozen. */
import schema from '../schemas/config.json' with { type: 'json' };
import querySchema from '../schemas/query.json' with { type: 'json' };
import { config as validate } from '../schemas/validators.js';
import { parseBucketPattern } from './fetch/s3-url.ts';
import { bucketsOf, parseSourceBase, type SourceBase } from './fetch/source-bases.ts';
import { type HostHeaders, parseSourceHeaders } from './fetch/source-headers.ts';
import { type HostPattern, matchesHost, parseHostPattern } from './fetch/source-url.ts';
import { type Network, parseNetwork, type SourcePolicy } from './fetch/ssrf.ts';
import { type Key, parseKeys } from './keys/registry.ts';
import { type MarkSetting, parseMarks } from './marks/settings.ts';
import type { Settings } from './options.ts';
import { aliasMap, camelCase, closestName, expectation, type PropertySchema, readValue } from './schema.ts';

type ParsedSettings =
  | 'apiKeys'
  | 'sourceAllowedNetworks'
  | 'sourceAllowedHosts'
  | 'sourceBases'
  | 'sourceHeaders'
  | 'marks'
  | 'presets';

/** The settings, with their lists parsed. */
export interface Config extends Omit<Settings, ParsedSettings> {
  /** Empty if the registry is in SSM or Secrets Manager, or no key is needed. */
  readonly apiKeys: readonly Key[];
  readonly sourceAllowedNetworks: readonly Network[];
  readonly sourceAllowedHosts: readonly HostPattern[];
  readonly sourceBases: readonly SourceBase[];
  /** Empty if they are in SSM or Secrets Manager. */
  readonly sourceHeaders: readonly HostHeaders[];
  /** Empty if they are in SSM. */
  readonly marks: readonly MarkSetting[];
  /** Query of each preset, by its name. */
  readonly presets: Readonly<Record<string, string>>;
  /** Sentences for the log at start: settings that are given by a deprecated name. */
  readonly warnings: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

type Property = PropertySchema & { readonly deprecatedName?: string };
const properties: Readonly<Record<string, Property>> = schema.properties;

const parsePreset = (pair: string): [string, string] => {
  const cut = pair.indexOf('=');
  return [pair.slice(0, cut), pair.slice(cut + 1)];
};

/** Names of our own parameters: none of them may be ignored. */
const PARAMETERS = [...aliasMap(querySchema).keys()];

function parseIgnored(pattern: string): string {
  const start = pattern.replace(/\*$/, '');
  if (PARAMETERS.some((name) => (pattern === start ? name === start : name.startsWith(start))))
    throw new Error(`${pattern} matches a parameter of ours`);
  return pattern;
}

/** Returns a host as in `URL.host`, which leaves out the default port. */
const hostName = ({ name, port }: HostPattern) => {
  const host = name.includes(':') ? `[${name}]` : name;
  return ['', '80', '443'].includes(port) ? host : `${host}:${port}`;
};

/** Lists: a description of their items for messages, and the parser of an item, which throws if it is invalid. */
const LISTS: Readonly<Record<string, { readonly items: string; readonly parse: (item: string) => unknown }>> = {
  SOURCE_ALLOWED_NETWORKS: {
    items: 'networks such as 10.0.0.0/8 or 127.0.0.1/32 (no bits set behind the prefix)',
    parse: parseNetwork,
  },
  SOURCE_ALLOWED_HOSTS: { items: 'host names such as example.com or *.example.com', parse: parseHostPattern },
  PRESETS: { items: 'name=query pairs such as thumb=w=200&h=200&fit=cover', parse: parsePreset },
  SOURCE_ALLOWED_BUCKETS: {
    items: 'buckets such as photos, photos/public or the ARN of an access point',
    parse: parseBucketPattern,
  },
  SOURCE_BASES: {
    items:
      'name=URL pairs such as shop=https://cdn.example.com/images/ (a name has 2 to 32 lower-case letters, digits and hyphens, and is not that of a scheme; a URL has no query)',
    parse: parseSourceBase,
  },
  QUERY_IGNORED: {
    items: 'names of parameters that pixgate does not have, such as utm_* or fbclid',
    parse: parseIgnored,
  },
  COMPAT: {
    items: `names of resizers, of ${schema.properties.COMPAT.items.enum.join(' ')}`,
    parse: (name) => name,
  },
  OWN_HOSTS: { items: 'host names such as img.example.com', parse: (item) => hostName(parseHostPattern(item)) },
};

/** Presets contain commas. */
const separator = (name: string) => (name === 'PRESETS' ? ';' : ',');

function readVariable(name: string, text: string, property: PropertySchema): unknown {
  if (property.type !== 'array') return readValue(text, property);
  return text.split(separator(name)).map((item) => item.trim());
}

const notASetting = (name: string, similar: string | undefined) =>
  `${name} is not a setting${similar ? `: did you mean ${similar}?` : ''}`;

/** Finds variables that are nearly a setting: a misspelt list of allowed hosts would allow every host without a message. */
function misspelt(env: Environment): string[] {
  const settings = Object.keys(properties).filter((name) => name.includes('_'));
  return Object.keys(env).flatMap((name) => {
    if (properties[name] || !name.includes('_')) return [];
    const similar = closestName(name, settings);
    return similar ? [notASetting(name, similar)] : [];
  });
}

/** Settings that keys can come from: one of them is needed. */
const KEY_SOURCES = ['API_KEYS', 'API_KEYS_SSM', 'API_KEYS_SECRET'];

/** Parses the keys of `API_KEYS`, and checks that they come from one place. Messages repeat neither key nor secret. */
function readKeys(values: Values): { keys: readonly Key[]; errors: string[] } {
  const given = KEY_SOURCES.filter((name) => values[name] !== undefined);
  const errors: string[] = [];
  if (values.API_KEYS_FILE !== undefined)
    errors.push('API_KEYS_FILE is not for Lambda: there, keys are in API_KEYS, API_KEYS_SSM or API_KEYS_SECRET');
  if (given.length > 1) errors.push(`${given.join(' and ')} exclude each other`);
  if (given.length === 0 && values.ALLOW_ANONYMOUS !== 'on')
    errors.push(
      'API_KEYS is required: id:key pairs such as demo:myKey, or a JSON list (or API_KEYS_SSM, API_KEYS_SECRET; ALLOW_ANONYMOUS=on allows requests without a key)',
    );
  try {
    return { keys: typeof values.API_KEYS === 'string' ? parseKeys(values.API_KEYS) : [], errors };
  } catch (error) {
    return { keys: [], errors: [...errors, `API_KEYS is invalid: ${(error as Error).message}`] };
  }
}

/** What settings with a JSON text have, and the errors in them. Messages repeat neither header nor source. */
interface Texts {
  readonly headers: readonly HostHeaders[];
  readonly marks: readonly MarkSetting[];
  readonly errors: readonly string[];
}

/**
 * Parses the JSON text of a setting.
 *
 * @param sources the setting, then those that the same text can come from: at most one of them
 * @param nameOf returns the name of a setting as the caller knows it
 */
function readText<Value>(
  values: Values,
  sources: readonly [string, ...string[]],
  parse: (text: string) => readonly Value[],
  nameOf: (name: string) => string,
): { value: readonly Value[]; errors: string[] } {
  const [name] = sources;
  const { [name]: text } = values;
  const given = sources.filter((source) => values[source] !== undefined);
  const errors = given.length > 1 ? [`${given.join(' and ')} exclude each other`] : [];
  try {
    return { value: typeof text === 'string' ? parse(text) : [], errors };
  } catch (error) {
    return { value: [], errors: [...errors, `${nameOf(name)} is invalid: ${(error as Error).message}`] };
  }
}

function readTexts(values: Values, nameOf: (name: string) => string): Texts {
  const sources = ['SOURCE_HEADERS', 'SOURCE_HEADERS_SSM', 'SOURCE_HEADERS_SECRET'] as const;
  const headers = readText(values, sources, parseSourceHeaders, nameOf);
  const marks = readText(values, ['MARKS', 'MARKS_SSM'], parseMarks, nameOf);
  return { headers: headers.value, marks: marks.value, errors: [...headers.errors, ...marks.errors] };
}

/** Validates typed values by the names of the variables, and writes defaults and parsed lists into them. */
function validateValues(values: Record<string, unknown>, unreadable: readonly string[] = []): Set<string> {
  const invalid = new Set(unreadable);
  validate(values);
  for (const { params, instancePath } of validate.errors ?? [])
    invalid.add(String(params.missingProperty ?? instancePath.split('/')[1]));
  for (const [name, { parse }] of Object.entries(LISTS)) {
    if (invalid.has(name)) continue;
    try {
      values[name] = (values[name] as string[]).map(parse);
    } catch {
      invalid.add(name);
    }
  }
  return invalid;
}

/** Finds an access key of S3 that has only one of its two parts. */
function s3KeyErrors(values: Values): string[] {
  const parts = ['SOURCE_S3_ACCESS_KEY_ID', 'SOURCE_S3_SECRET_ACCESS_KEY'];
  return parts.filter((name) => values[name] !== undefined).length === 1
    ? [`${parts.join(' and ')} need each other`]
    : [];
}

/** Finds bases that no request could use: each name means one URL, on a host of the allow-list. */
function baseErrors(bases: readonly SourceBase[], hosts: readonly HostPattern[]): string[] {
  return bases.flatMap(({ name, url }, i) => {
    if (bases.findIndex((base) => base.name === name) < i) return [`SOURCE_BASES has ${name} more than once`];
    const isAllowed = !hosts.length || url.startsWith('s3:') || hosts.some((host) => matchesHost(new URL(url), host));
    return isAllowed ? [] : [`SOURCE_BASES: the host of ${name} is not in SOURCE_ALLOWED_HOSTS`];
  });
}

/** Describes a setting whose value is missing or invalid, by the name that the caller knows. */
function describeInvalid(variable: string, value: unknown, name = variable): string {
  const property = properties[variable];
  const list = LISTS[variable];
  const expected = list
    ? `${list.items}, separated by ${separator(variable)}`
    : property
      ? expectation(property)
      : 'valid';
  if (!value) return `${name} is required: ${expected}`;
  const isSecret = ['API_KEYS', 'SOURCE_HEADERS', 'MARKS', 'SOURCE_S3_SECRET_ACCESS_KEY'].includes(variable);
  return isSecret ? `${name} must be ${expected}` : `${name} must be ${expected}, not ${JSON.stringify(value)}`;
}

/** @throws TypeError with one line per error */
function toConfig(
  values: Record<string, unknown>,
  { keys, headers, marks }: { readonly keys: readonly Key[] } & Omit<Texts, 'errors'>,
  errors: readonly string[],
  warnings: readonly string[] = [],
): Config {
  const bases = values.SOURCE_BASES as readonly SourceBase[];
  const hosts = values.SOURCE_ALLOWED_HOSTS as readonly HostPattern[];
  const lines = errors.length ? errors : [...s3KeyErrors(values), ...baseErrors(bases, hosts)];
  if (lines.length) throw new TypeError(['The configuration is invalid:', ...lines].join('\n  '));
  const parsed = {
    ...values,
    API_KEYS: keys,
    SOURCE_HEADERS: headers,
    MARKS: marks,
    PRESETS: Object.fromEntries(values.PRESETS as [string, string][]),
    SOURCE_ALLOWED_BUCKETS: [...(values.SOURCE_ALLOWED_BUCKETS as string[]), ...bucketsOf(bases)],
  };
  const settings = Object.entries(parsed).map(([name, value]) => [camelCase(name), value]);
  return Object.freeze({ ...Object.fromEntries(settings), warnings }) as unknown as Config;
}

/**
 * Returns the configuration of a deployment.
 *
 * @param env the environment; an empty variable counts as unset
 * @throws TypeError with one line per invalid variable. No key and no header is repeated.
 */
export function loadConfig(env: Environment): Config {
  const values: Record<string, unknown> = {};
  const unreadable: string[] = [];
  const warnings: string[] = [];
  const current = { ...env };
  for (const [name, property] of Object.entries(properties)) {
    const { deprecatedName = '' } = property;
    if (env[deprecatedName]?.trim()) {
      current[name] = env[name]?.trim() || env[deprecatedName];
      warnings.push(`${deprecatedName} is deprecated: set ${name} instead.`);
    }
    const text = current[name]?.trim();
    if (!text) continue;
    values[name] = readVariable(name, text, property);
    if (values[name] === undefined) unreadable.push(name);
  }
  const invalid = validateValues(values, unreadable);
  const { keys, errors } = readKeys(values);
  const texts = readTexts(values, (name) => name);
  errors.push(...texts.errors);
  if (values.PRESETS_ONLY === 'on' && !(values.PRESETS as unknown[]).length)
    errors.push('PRESETS_ONLY=on needs PRESETS: no request would be valid');
  errors.push(...[...invalid].map((name) => describeInvalid(name, current[name]?.trim())), ...misspelt(env));
  return toConfig(values, { keys, ...texts }, errors, warnings);
}

/**
 * Returns the configuration for a program without an environment: defaults, and the given settings by their names in camel
 * case, typed (`{ sourceMaxPixels: 20e6, sourceAllowedHosts: ['example.com'] }`). Needs no key.
 *
 * @throws TypeError with one line per invalid or unknown setting
 */
export function resolveConfig(settings: Partial<Settings>): Config {
  const given: Values = settings;
  const names = Object.keys(properties).map((variable) => [variable, camelCase(variable)] as const);
  const known = names.map(([, name]) => name);
  const values = Object.fromEntries(
    names.flatMap(([variable, name]) => (given[name] === undefined ? [] : [[variable, given[name]]])),
  );
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const invalid = [...validateValues(values)];
  const texts = readTexts(values, camelCase);
  const errors = [
    ...invalid.map((variable) => {
      const name = camelCase(variable);
      return describeInvalid(variable, given[name], name);
    }),
    ...unknown.map((name) => notASetting(name, closestName(name, known))),
    ...texts.errors,
  ];
  return toConfig(values, { keys: [], ...texts }, errors);
}

/** Returns what may be fetched, by the settings of the deployment. */
export const sourcePolicy = (config: Config): SourcePolicy => ({
  allowedNetworks: config.sourceAllowedNetworks,
  allowedHosts: config.sourceAllowedHosts,
  allowedBuckets: config.sourceAllowedBuckets,
  s3: config,
  ownHosts: config.ownHosts,
});
