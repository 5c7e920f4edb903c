/**
 * Reads the registry of keys from an SSM parameter or from Secrets Manager when the instance starts, and again in the
 * background, so that keys change without a new deployment. When a later read fails, or returns an invalid registry, the last
 * valid one stays in use and the log reports it.
 *
 * Not by `@middy/ssm` and `@middy/secrets-manager`: they read at the first request, so an invalid registry would not stop
 * the deployment, and they drop the last valid value when a refresh fails.
 */
import { type Key, parseKeys } from './registry.ts';

/** Reads the text of the registry. @throws anything */
export type ReadRegistry = () => Promise<string>;

/** Returns a function that reads the registry; undefined when neither setting is set. The SDK is the runtime's, loaded when it is first used. */
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
 * Reads the registry, and returns a function that returns the current keys. When they are older than `refresh`, it also reads
 * the registry again in the background.
 *
 * @param options.refresh seconds
 * @param options.log writes one JSON line when a later read fails
 * @param options.failureFields returns fields to add to that line
 * @throws TypeError when the first read returns an invalid registry; any error of the first read
 */
export async function createRegistry(
  read: ReadRegistry,
  { refresh, log, failureFields }: { refresh: number; log: (line: string) => void; failureFields?: () => object },
): Promise<() => readonly Key[]> {
  let text = await read();
  let keys = parseKeys(text);
  let checkedAt = Date.now();
  async function renew() {
    try {
      const newText = await read();
      if (newText !== text) keys = parseKeys(newText);
      text = newText;
    } catch (error) {
      // Nothing of the registry may be logged; messages of `parseKeys` hold neither key nor secret.
      const why = error instanceof TypeError ? error.message : ((error as Error)?.name ?? 'unknown');
      log(JSON.stringify({ level: 'ERROR', message: 'keys-not-refreshed', why, ...failureFields?.() }));
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

/**
 * Opens the registry in SSM or Secrets Manager; undefined when it is in the environment.
 *
 * @param failureFields returns fields to add to the log line of a failed refresh, such as a metric
 * @throws TypeError when it is invalid; any error of the first read
 */
export async function openRegistry(
  config: Parameters<typeof registryReader>[0] & { readonly apiKeysRefresh: number },
  log: (line: string) => void,
  failureFields: () => object = () => ({}),
): Promise<(() => readonly Key[]) | undefined> {
  const read = registryReader(config);
  return read && createRegistry(read, { refresh: config.apiKeysRefresh, log, failureFields });
}
