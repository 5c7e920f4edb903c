/** Runs the CloudFront Function of the template with the globals of its runtime only. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import configSchema from '../../schemas/config.json' with { type: 'json' };
import { KEY } from '../requests.ts';

const { properties: querySettings } = configSchema;

const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
/** The code of the function in the template. */
export const code = /( +)\/\/ <edge>\n([\s\S]*?)\n +\/\/ <\/edge>/.exec(template)?.[2]?.replace(/^ {8}/gm, '') ?? '';

type Value = { value: string; multiValue?: { value: string }[] };
interface EdgeRequest {
  method: string;
  uri: string;
  querystring: Record<string, Value>;
  headers: Record<string, { value: string }>;
}
interface EdgeResponse {
  statusCode: number;
  headers: Record<string, { value: string }>;
  body: { data: string };
}

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
/** Loads the function as the runtime does: no URL, no process, no timers, no other modules. */
export function loadEdge({
  avif = 'off',
  edgeKeys = 'off',
  isPublic = 'off',
  compat = '',
  ignored = querySettings.QUERY_IGNORED.default.join(),
  storedKeys = [KEY] as readonly string[],
  entries = Object.fromEntries(storedKeys.map((key) => [sha256(key), '1'])) as Readonly<Record<string, string>>,
} = {}) {
  const cf = {
    kvs: () => ({
      get: async (key: string) => {
        const value = entries[key];
        if (value === undefined) throw new Error('KeyNotFound');
        return value;
      },
    }),
  };
  const require = (name: string) => {
    if (name !== 'crypto') throw new Error(`no module ${name}`);
    return { createHash };
  };
  const source = code
    .replace("import cf from 'cloudfront';", '')
    .replace(/\$\{AvifAuto\}/, avif)
    .replace(/\$\{EdgeKeys\}/, edgeKeys)
    .replace(/\$\{Public\}/, isPublic)
    .replace(/\$\{Compat\}/, compat)
    .replace(/\$\{QueryIgnored\}/, ignored);
  const sandbox = vm.createContext({ cf, require });
  vm.runInContext(source, sandbox);
  return (event: object) => sandbox.handler(event) as Promise<EdgeRequest & EdgeResponse>;
}

/** Parses a query as CloudFront does: names and values stay percent-encoded. */
function parse(raw: string): Record<string, Value> {
  const query: Record<string, Value> = {};
  for (const pair of raw.split('&').filter(Boolean)) {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    const previous = query[name];
    query[name] = previous
      ? { value, multiValue: [...(previous.multiValue ?? [{ value: previous.value }]), { value }] }
      : { value };
  }
  return query;
}
/** Returns a viewer request event. */
export const eventOf = (raw: string, headers: Record<string, string> = {}, method = 'GET') => ({
  version: '1.0',
  context: { requestId: 'edge-1==' },
  request: {
    method,
    uri: '/',
    querystring: parse(raw),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
  },
});
/** Returns the query of a forwarded request. */
export const queryOf = ({ querystring }: EdgeRequest) =>
  Object.entries(querystring)
    .map(([name, { value }]) => `${name}=${value}`)
    .join('&');

export const edge = loadEdge();
/** Returns the normalized query. */
export const normalizeQuery = async (raw: string, headers = {}) =>
  queryOf(await edge(eventOf(`k=${KEY}&${raw}`, headers)));
