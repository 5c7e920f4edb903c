/** CloudFront in front of the function, as the template configures it: the edge function, a cache, and the Function URL. */
import { edgeEntries } from '../../src/cli/edge-keys.ts';
import type { Mark } from '../../src/image/mark.ts';
import { parseKeys } from '../../src/keys/registry.ts';
import { context, type Reply, testHandler, toReply } from '../requests.ts';
import { eventOf, loadEdge, queryOf } from './edge-runtime.ts';

/** Headers of the origin request policy. */
const FORWARDED = ['x-api-key', 'x-pixgate-host', 'origin', 'referer'];

/** Whether the cache policy lets CloudFront store a response: its minimum TTL is 0, so that `Cache-Control` decides. */
const isCacheable = ({ status, headers }: Reply) =>
  status === 200 && !/\b(?:private|no-store|no-cache)\b/.test(headers['cache-control'] ?? '');

/** @param viewerHost host of the distribution; the function is not told it */
export function createCdn({
  edgeKeys,
  viewerHost = 'd111.cloudfront.net',
  saveDataQuality = '',
  marks = [],
  compat = '',
}: {
  edgeKeys: 'on' | 'off';
  saveDataQuality?: string;
  viewerHost?: string;
  marks?: readonly Mark[];
  compat?: string;
}) {
  const cache = new Map<string, Reply>();
  let edge = loadEdge({ edgeKeys, compat });
  let origin = testHandler();
  return {
    /** Sets the registry, of the function and of the key value store. */
    push(registry: readonly object[], settings: Readonly<Record<string, string>> = {}) {
      const text = JSON.stringify(registry);
      const entries = Object.fromEntries(edgeEntries(parseKeys(text)).map(({ Key, Value }) => [Key, Value]));
      edge = loadEdge({ edgeKeys, compat, entries });
      const cdn = {
        VIEWER_HOST_HEADER: 'x-pixgate-host',
        EDGE_KEYS: edgeKeys,
        COMPAT: compat,
        SAVE_DATA_QUALITY: saveDataQuality,
      };
      origin = testHandler({ API_KEYS: text, ...cdn, ...settings }, undefined, { marks });
    },
    async get(
      query: string,
      headers: Readonly<Record<string, string>> = {},
      path = '/',
    ): Promise<Reply & { isHit: boolean }> {
      const sent = eventOf(query, { host: viewerHost, ...headers });
      const forwarded = await edge({ ...sent, request: { ...sent.request, uri: path } });
      if (forwarded.statusCode !== undefined) {
        const replied = Object.entries(forwarded.headers).map(([name, { value }]) => [name, value]);
        const body = Buffer.from(forwarded.body.data);
        return { status: forwarded.statusCode, headers: Object.fromEntries(replied), body, isHit: false };
      }
      const inKey = saveDataQuality ? ['accept', 'save-data'] : ['accept'];
      const values = inKey.map((name) => forwarded.headers[name]?.value);
      const cacheKey = [forwarded.uri, queryOf(forwarded), ...values].join(' ');
      const stored = cache.get(cacheKey);
      if (stored) return { ...stored, isHit: true };
      const allowed = Object.entries(forwarded.headers).filter(([name]) => [...FORWARDED, ...inKey].includes(name));
      const domainName = 'x.lambda-url.eu-west-1.on.aws';
      const event = {
        version: '2.0',
        rawPath: forwarded.uri,
        rawQueryString: queryOf(forwarded),
        headers: { host: domainName, ...Object.fromEntries(allowed.map(([name, { value }]) => [name, value])) },
        requestContext: { domainName, http: { method: 'GET' } },
      };
      const reply = toReply(await origin(event, context()));
      if (isCacheable(reply)) cache.set(cacheKey, reply);
      return { ...reply, isHit: false };
    },
    /** Removes what was requested with a key, by its cache tag. */
    purge(id: string) {
      for (const [cacheKey, { headers }] of cache)
        if (headers['cache-tag']?.split(',').includes(`k-${id}`)) cache.delete(cacheKey);
    },
  };
}
