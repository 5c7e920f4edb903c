/** The authorizer of the usage plan: a key is counted only for a request with it, or signed by it. */
import { expect, test } from 'vitest';
import { sign } from '../../src/client/url.ts';
import { parseKeys, sha256 } from '../../src/keys/registry.ts';
import { type AuthorizerEvent, createAuthorizer, startAuthorizer } from '../../src/lambda/usage-plan.ts';

const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const KEYS = JSON.stringify([
  { id: 'acme', sha256: sha256('theKey') },
  { id: 'off', sha256: sha256('offKey'), disabled: true },
  { id: 'signing', mode: 'signed', secret: SECRET },
]);
const authorizer = createAuthorizer({ keys: parseKeys(KEYS), hosts: ['img.example.com'] });
const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/';

/** The event of a REST API, which has decoded the query. */
const eventOf = (query: Record<string, string> | null, path = '/') =>
  ({
    methodArn,
    path,
    headers: { Host: 'abc.execute-api.eu-west-1.amazonaws.com' },
    queryStringParameters: query,
    multiValueQueryStringParameters: query && Object.fromEntries(Object.entries(query).map(([n, v]) => [n, [v]])),
    requestContext: { path: `/prod${path}`, stage: 'prod' },
  }) as unknown as AuthorizerEvent;
const signed = async (base = 'https://img.example.com/', secret = SECRET) => {
  const url = await sign(base, 'https://x.example.com/a b.jpg', { id: 'signing', secret }, { w: 80 });
  return Object.fromEntries(new URL(url).searchParams);
};

test('returns the hash of the key for the usage plan, but not the key', async () => {
  const result = await authorizer(eventOf({ k: 'theKey', u: 'x' }));
  expect(result.usageIdentifierKey).toBe(sha256('theKey'));
  // API Gateway accepts 20 to 128 characters.
  expect(result.usageIdentifierKey).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(result)).not.toContain('theKey');
  const [statement] = result.policyDocument.Statement as { Effect: string; Resource: string }[];
  expect(statement).toMatchObject({
    Effect: 'Allow',
    Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc/prod/*',
  });
});

test('returns the hash of the id for a signed URL, with a host of its settings or its own', async () => {
  for (const base of ['https://img.example.com/', 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/'])
    expect((await authorizer(eventOf(await signed(base)))).usageIdentifierKey).toBe(sha256('signing'));
});

test('what other programs added to a signed URL is not part of the signature', async () => {
  const ignoring = createAuthorizer({ keys: parseKeys(KEYS), hosts: ['img.example.com'], ignored: ['utm_*', '_'] });
  const event = eventOf({ utm_source: 'mail', ...(await signed()), _: '1' });
  expect((await ignoring(event)).usageIdentifierKey).toBe(sha256('signing'));
});

test.each<[string, () => Promise<AuthorizerEvent> | AuthorizerEvent]>([
  ['the id of a signing key, without a signature', () => eventOf({ k: 'signing', u: 'x', w: '80' })],
  ['a forged signature', async () => eventOf({ ...(await signed()), s: 'A'.repeat(43) })],
  ['the signature of another secret', async () => eventOf(await signed(undefined, SECRET.replace('AA', 'BB')))],
  ['the signature of another image', async () => eventOf({ ...(await signed()), w: '81' })],
  ['the signature of another path', async () => eventOf(await signed(), '/other')],
  ['a signature beside a plain key', async () => eventOf({ ...(await signed()), k: 'theKey' })],
  ['an expired URL', async () => eventOf({ ...(await signed()), exp: '1' })],
  ['an unknown key', () => eventOf({ k: 'another' })],
  ['a disabled key', () => eventOf({ k: 'offKey' })],
  ['an empty key', () => eventOf({ k: '' })],
  ['no key', () => eventOf(null)],
])('%s is not counted: 401', async (_what, event) => {
  await expect(authorizer(await event())).rejects.toThrow(/^Unauthorized$/);
});

test('is started by the settings of the image function', async () => {
  const started = await startAuthorizer({ API_KEYS: KEYS, OWN_HOSTS: 'img.example.com' });
  expect((await started(eventOf(await signed()))).usageIdentifierKey).toBe(sha256('signing'));
  await expect(startAuthorizer({})).rejects.toThrow('API_KEYS');
  const publicDeployment = await startAuthorizer({ ALLOW_ANONYMOUS: 'on' });
  await expect(publicDeployment(eventOf({ u: 'x' }))).rejects.toThrow(/^Unauthorized$/);
});
