/**
 * Where the registry of keys lies outside of the environment, and how it stays fresh without a new deployment: an SSM
 * parameter or a secret, read when the instance starts and again in the background. A reading that fails, or finds a wrong
 * registry, leaves the last good one in force and says so in the log.
 *
 * Not by `@middy/ssm` and `@middy/secrets-manager`: they read at the first request, so that a wrong registry would not keep
 * the deployment from starting, and forget the last good value when a refresh fails.
 */
import { type Key, parseKeys } from './registry.ts';

/** Reads the text of the registry. @throws anything */
export type ReadRegistry = () => Promise<string>;

/** The SDK is the runtime's, and loaded only where it is needed. */
export function registryReader({
  apiKeysSsm,
  apiKeysSecret,
}: {
  apiKeysSsm?: string | undefined;
  apiKeysSecret?: string | undefined;
}): ReadRegistry | undefined {
  if (apiKeysSsm !== undefined)
    return async () => {
      const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
      const command = new GetParameterCommand({ Name: apiKeysSsm, WithDecryption: true });
      return (await new SSMClient({}).send(command)).Parameter?.Value ?? '';
    };
  if (apiKeysSecret !== undefined)
    return async () => {
      const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      const command = new GetSecretValueCommand({ SecretId: apiKeysSecret });
      return (await new SecretsManagerClient({}).send(command)).SecretString ?? '';
    };
  return undefined;
}

/**
 * The keys in force, read again once they are older than `refresh`: in the background, by the request that finds them so.
 *
 * @param options.refresh seconds
 * @param options.log takes one JSON line when a reading fails
 * @throws TypeError when the first reading finds a wrong registry; whatever the first reading throws
 */
export async function createRegistry(
  read: ReadRegistry,
  { refresh, log }: { refresh: number; log: (line: string) => void },
): Promise<() => readonly Key[]> {
  let text = await read();
  let keys = parseKeys(text);
  let checkedAt = Date.now();
  async function renew() {
    try {
      const next = await read();
      if (next !== text) keys = parseKeys(next);
      text = next;
    } catch (error) {
      // Of the registry itself nothing may be repeated; what `parseKeys` says is made for that.
      const why = error instanceof TypeError ? error.message : ((error as Error)?.name ?? 'unknown');
      log(JSON.stringify({ level: 'ERROR', message: 'keys-not-refreshed', why }));
    }
  }
  return () => {
    if (Date.now() - checkedAt > refresh * 1000) {
      checkedAt = Date.now();
      void renew();
    }
    return keys;
  };
}

/** The registry where it lies elsewhere than in the environment; undefined where it does not. @throws as `createRegistry` */
export async function openRegistry(
  config: Parameters<typeof registryReader>[0] & { readonly apiKeysRefresh: number },
  log: (line: string) => void,
): Promise<(() => readonly Key[]) | undefined> {
  const read = registryReader(config);
  return read && createRegistry(read, { refresh: config.apiKeysRefresh, log });
}
