/** Maps a request to the key of a usage plan, after the key or the signature was checked. */
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { loadConfig } from '../config.ts';
import { dropIgnored } from '../guards.ts';
import { type Key, usagePlanKey } from '../keys/registry.ts';
import { openRegistry } from '../keys/store.ts';
import { createAuthenticator } from '../middlewares/authenticate.ts';

/** The fields of the event that are read: those of a REST API's event, and the resource that is to be allowed. */
export type AuthorizerEvent = Pick<
  APIGatewayRequestAuthorizerEvent,
  'methodArn' | 'queryStringParameters' | 'multiValueQueryStringParameters' | 'headers' | 'path' | 'requestContext'
>;

/**
 * Returns the authorizer. It names a key of the plan only for a request with that key, or with a signature by it: the id of a
 * signing key is in every URL, and must not let a stranger use up the plan.
 *
 * @param options.keys the registry, or a function that returns the current one
 * @param options.hosts other hosts that a URL may be signed for
 * @param options.ignored patterns of parameters that are not part of a signature
 */
export function createAuthorizer({
  ignored = [],
  ...options
}: {
  keys: readonly Key[] | (() => readonly Key[]);
  hosts: readonly string[];
  ignored?: readonly string[];
}) {
  const authenticate = createAuthenticator({ ...options, anonymous: true });
  const drop = dropIgnored(ignored);

  /** @throws Error that API Gateway returns as 401 */
  return async (event: AuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const usageIdentifierKey = keyOf(event);
    // The text is API Gateway's.
    if (usageIdentifierKey === undefined) throw new Error('Unauthorized');
    return {
      // Written to the log of API Gateway, so it must not be the key.
      principalId: usageIdentifierKey.slice(0, 16),
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: event.methodArn.replace(/\/[A-Z]+\/.*$/, '/*'),
          },
        ],
      },
      usageIdentifierKey,
    };
  };

  function keyOf(event: AuthorizerEvent): string | undefined {
    try {
      drop({ event });
      const key = authenticate(event);
      return key && usagePlanKey(key);
    } catch {
      return undefined;
    }
  }
}

/**
 * Creates the authorizer from the settings of the image function.
 *
 * @param env settings, as environment variables
 * @throws TypeError of `loadConfig` and `openRegistry`
 */
export async function startAuthorizer(env: Readonly<Record<string, string | undefined>>) {
  const config = loadConfig(env);
  const keys = await openRegistry(config, console.log);
  return createAuthorizer({ keys: keys ?? config.apiKeys, hosts: config.ownHosts, ignored: config.queryIgnored });
}
