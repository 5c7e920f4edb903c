import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadConfig, resolveConfig } from '../src/config.ts';

const KEYS = { API_KEYS: 'acme:one,acme:two' };
const message = (env: Record<string, string>) => {
  try {
    loadConfig(env);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

test('the defaults, the parsed keys; the configuration is frozen', () => {
  const config = loadConfig(KEYS);
  expect(config).toMatchObject({
    apiKeys: [
      { id: 'acme', sha256: createHash('sha256').update('one').digest('hex') },
      { id: 'acme', sha256: createHash('sha256').update('two').digest('hex') },
    ],
    sourceAllowedNetworks: [],
    sourceMaxBytes: 52_428_800,
    sourceMaxPixels: 50_000_000,
    sourceTimeout: 10_000,
    resultMaxSide: 8192,
    port: 3000,
    host: '127.0.0.1',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('a setting by its deprecated name works, and says what to write', () => {
  const { allowAnonymous, svgTimeout, warnings } = loadConfig({ PUBLIC: 'on', DRAWING_TIMEOUT: '700' });
  expect({ allowAnonymous, svgTimeout }).toEqual({ allowAnonymous: 'on', svgTimeout: 700 });
  expect(warnings).toEqual([
    'PUBLIC is deprecated: set ALLOW_ANONYMOUS instead.',
    'DRAWING_TIMEOUT is deprecated: set SVG_TIMEOUT instead.',
  ]);
  // The new name wins.
  expect(loadConfig({ ...KEYS, PUBLIC: 'on', ALLOW_ANONYMOUS: 'off' }).allowAnonymous).toBe('off');
  expect(loadConfig(KEYS).warnings).toEqual([]);
});

test('an empty variable counts as unset', () =>
  expect(loadConfig({ ...KEYS, PORT: '', SOURCE_ALLOWED_NETWORKS: ' ' }).port).toBe(3000));

test('networks are parsed', () => {
  const { sourceAllowedNetworks } = loadConfig({ ...KEYS, SOURCE_ALLOWED_NETWORKS: '10.0.0.0/8, fd00::/8' });
  expect(sourceAllowedNetworks.map(([address, bits]) => `${address}/${bits}`)).toEqual(['10.0.0.0/8', 'fd00::/8']);
});

test('one message names every invalid variable, and echoes no key', () => {
  const lines = message({ API_KEYS: 'hush hush', PORT: '0x50', SOURCE_MAX_BYTES: '5', RESULT_MAX_SIDE: 'big' });
  expect(lines).toHaveLength(5);
  expect(lines.join('\n')).toMatch(/PORT must be a whole number from 0 to 65535, in decimal digits, not "0x50"/);
  for (const name of ['API_KEYS', 'SOURCE_MAX_BYTES', 'RESULT_MAX_SIDE']) expect(lines.join('\n')).toContain(name);
  expect(lines.join('\n')).not.toContain('hush');
});

test('keys are required, unless anonymous requests are allowed', () => {
  expect(message({})[1]).toMatch(/API_KEYS is required/);
  expect(loadConfig({ ALLOW_ANONYMOUS: 'on' }).apiKeys).toEqual([]);
  expect(loadConfig({ API_KEYS_SSM: '/pixgate/keys' }).apiKeysSsm).toBe('/pixgate/keys');
  expect(message({ ...KEYS, API_KEYS_SSM: 'x' })[1]).toMatch(/API_KEYS and API_KEYS_SSM exclude each other/);
  expect(message({ ...KEYS, API_KEYS_FILE: 'x' })[1]).toMatch(/API_KEYS_FILE is not for Lambda/);
});

test.each(['10.0.0.0', '10.1.0.0/8', '10.0.0.0/33', 'localhost/8', '300.0.0.0/8', '::1/200', '10.0.0.0/8,,'])(
  'SOURCE_ALLOWED_NETWORKS=%s is refused',
  (value) => expect(message({ ...KEYS, SOURCE_ALLOWED_NETWORKS: value })[1]).toContain('SOURCE_ALLOWED_NETWORKS'),
);

test.each(['acme', ':key', 'acme:', 'a b:key', 'acme:k,', 'acme:k:k'])('API_KEYS=%s is refused', (value) =>
  expect(message({ API_KEYS: value })[1]).toContain('API_KEYS'),
);

test('source hosts, own hosts and buckets are parsed', () => {
  const config = loadConfig({
    ...KEYS,
    SOURCE_ALLOWED_HOSTS: 'Example.com, *.bücher.de:8080',
    OWN_HOSTS: 'img.example.com,a.example.com:8443,b.example.com:443,c.example.com:80,[::1]:3000',
    SOURCE_ALLOWED_BUCKETS: 'one,two.x',
  });
  expect(config).toMatchObject({
    sourceAllowedHosts: [
      { name: 'example.com', includeSubdomains: false, port: '' },
      { name: 'xn--bcher-kva.de', includeSubdomains: true, port: '8080' },
    ],
    // As in the Host header, which leaves out 80 and 443.
    ownHosts: ['img.example.com', 'a.example.com:8443', 'b.example.com', 'c.example.com', '[::1]:3000'],
    sourceAllowedBuckets: ['one', 'two.x'],
    sourceSvg: 'on',
  });
});

test.each([
  ['SOURCE_ALLOWED_HOSTS', 'https://example.com'],
  ['SOURCE_ALLOWED_HOSTS', '*'],
  ['SOURCE_ALLOWED_HOSTS', 'example.com,,'],
  ['OWN_HOSTS', 'localhost'],
  ['SOURCE_ALLOWED_BUCKETS', 'Bucket'],
  ['COMPAT', 'imgix'],
  ['QUERY_IGNORED', '*'],
  ['QUERY_IGNORED', 'u'],
  ['QUERY_IGNORED', 'width'],
  ['QUERY_IGNORED', 'utm_*,f*'],
  ['QUERY_IGNORED', 'a b'],
  ['SOURCE_SVG', 'no'],
  ['SOURCE_SVG', 'OFF'],
])('%s=%s is refused', (name, value) => expect(message({ ...KEYS, [name]: value })[1]).toContain(`${name} must be`));

test('bases are parsed, and an S3 base may be read', () => {
  const config = loadConfig({
    ...KEYS,
    SOURCE_BASES: 'shop=https://cdn.example.com/images, raw=s3://photos/raw/',
    SOURCE_ALLOWED_BUCKETS: 'photos/public',
  });
  expect(config).toMatchObject({
    sourceBases: [
      { name: 'shop', url: 'https://cdn.example.com/images/' },
      { name: 'raw', url: 's3://photos/raw/' },
    ],
    sourceAllowedBuckets: ['photos/public/', 'photos/raw/'],
  });
  const errors = (bases: string) =>
    message({ ...KEYS, SOURCE_ALLOWED_HOSTS: 'cdn.example.com', SOURCE_BASES: bases }).slice(1);
  expect(errors('a1=https://cdn.example.com/,a1=https://cdn.example.com/b')).toEqual([
    '  SOURCE_BASES has a1 more than once',
  ]);
  expect(errors('a1=https://example.com/')).toEqual(['  SOURCE_BASES: the host of a1 is not in SOURCE_ALLOWED_HOSTS']);
  expect(errors('data=https://cdn.example.com/')[0]).toContain('SOURCE_BASES must be name=URL pairs');
});

test('QUERY_IGNORED has a default, which a deployment replaces', () => {
  expect(loadConfig(KEYS).queryIgnored).toEqual(['utm_*', 'fbclid', 'gclid', 'msclkid', 'mc_eid', '_']);
  expect(loadConfig({ ...KEYS, QUERY_IGNORED: 'ref, pk_*' }).queryIgnored).toEqual(['ref', 'pk_*']);
});

test('headers for origins come from one place, and no message has a value', () => {
  const headers = '{"cdn.example.com": {"Cookie": "hush"}}';
  expect(loadConfig({ ...KEYS, SOURCE_HEADERS: headers }).sourceHeaders[0]?.values()).toEqual({ Cookie: 'hush' });
  expect(resolveConfig({ sourceHeaders: headers }).sourceHeaders).toHaveLength(1);
  expect(loadConfig(KEYS).sourceHeaders).toEqual([]);
  const both = message({ ...KEYS, SOURCE_HEADERS: headers, SOURCE_HEADERS_SSM: '/x' });
  expect(both[1]).toBe('  SOURCE_HEADERS and SOURCE_HEADERS_SSM exclude each other');
  expect(message({ ...KEYS, SOURCE_HEADERS: '{"a.example": {"Host": "hush"}}' })[1]).toMatch(
    /^ {2}SOURCE_HEADERS is invalid: a\.example: Host cannot be set/,
  );
  const error = (value: unknown) => {
    try {
      return resolveConfig({ sourceHeaders: value as string }) && '';
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };
  expect(error('{"a.example": {"X": "hush\\n"}}')).toContain('sourceHeaders is invalid: a.example: the value of X has');
  expect(error({ 'a.example': { X: 'hush' } })).toMatch(/sourceHeaders must be (?!.*hush)/);
});

test('a misspelt name is reported, and the variables of other programs are ignored', () => {
  expect(message({ ...KEYS, SOURCE_ALOWED_HOSTS: 'example.com', SOURCE_MAX_BYTE: '5' }).slice(1)).toEqual([
    '  SOURCE_ALOWED_HOSTS is not a setting: did you mean SOURCE_ALLOWED_HOSTS?',
    '  SOURCE_MAX_BYTE is not a setting: did you mean SOURCE_MAX_BYTES?',
  ]);
  expect(loadConfig({ ...KEYS, SOURCE_DATE_EPOCH: '1', HOME: '/', MAX_FOO: '1', npm_config_host: 'x' }).port).toBe(
    3000,
  );
});

describe('resolveConfig: settings of a program, typed and in camel case', () => {
  test('defaults, without keys', () => {
    const { apiKeys, sourceMaxPixels, presets } = resolveConfig({});
    expect({ apiKeys, sourceMaxPixels, presets }).toEqual({ apiKeys: [], sourceMaxPixels: 50_000_000, presets: {} });
  });

  test('lists are parsed, and those of the caller stay as they are', () => {
    const sourceAllowedHosts = ['example.com', '*.example.net'];
    const config = resolveConfig({ sourceAllowedHosts, sourceAllowedNetworks: ['10.0.0.0/8'], sourceMaxPixels: 20e6 });
    expect(config.sourceAllowedHosts.map(({ name }) => name)).toEqual(['example.com', 'example.net']);
    expect(config.sourceAllowedNetworks).toHaveLength(1);
    expect(config.sourceMaxPixels).toBe(20e6);
    expect(sourceAllowedHosts).toEqual(['example.com', '*.example.net']);
  });

  test.each([
    [{ sourceMaxPixels: -1 }, 'sourceMaxPixels must be a whole number from'],
    [{ sourceMaxPixels: '20' }, 'sourceMaxPixels must be a whole number from'],
    [{ sourceAllowedHosts: ['https://example.com'] }, 'sourceAllowedHosts must be host names'],
    [{ sourceAllowedHost: ['example.com'] }, 'sourceAllowedHost is not a setting: did you mean sourceAllowedHosts?'],
    [{ nothing: 1 }, 'nothing is not a setting'],
  ])('%j is invalid', (settings, message) => {
    expect(() => resolveConfig(settings as object)).toThrow(TypeError);
    expect(() => resolveConfig(settings as object)).toThrow(message);
  });
});
