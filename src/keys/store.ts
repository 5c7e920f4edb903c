/**
 * Reads the registry of keys, and the headers for origins, from an SSM parameter or from Secrets Manager when the instance
 * starts, and again in the background, so that they change without a new deployment. When a later read fails, or returns an
 * invalid text, the last valid one stays in use and the log reports it.
 *
 * Not by `@middy/ssm` and `@middy/secrets-manager`: they read at the first request, so an invalid registry would not stop
 * the deployment, and they drop the last valid value when a refresh fails.
 */
import type { SourceBase } from '../fetch/source-bases.ts';
import { type HostHeaders, parseSourceHeaders } from '../fetch/source-headers.ts';
import { unusedHeaderWarnings } from './header-warnings.ts';
import { type Key, parseKeys } from './registry.ts';

/** Reads a text. @throws anything */
export type ReadText = () => Promise<string>;

/** Where a text is stored: the name of an SSM parameter, or the name or ARN of a secret. */
interface Place {
  readonly parameter?: string | undefined;
  readonly secret?: string | undefined;
}

/** Returns a function that reads a text; undefined when it is in no place. The SDK is the runtime's, loaded when it is first used. */
function textReader({ parameter, secret }: Place): ReadText | undefined {
  if (parameter !== undefined)
    return async () => {
      const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
      const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
      return (await new SSMClient({}).send(command)).Parameter?.Value ?? '';
    };
  if (secret !== undefined)
    return async () => {
      const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      const command = new GetSecretValueCommand({ SecretId: secret });
      return (await new SecretsManagerClient({}).send(command)).SecretString ?? '';
    };
  return undefined;
}

/** Returns a function that reads the registry; undefined when neither setting is set. */
export const registryReader = ({
  apiKeysSsm,
  apiKeysSecret,
}: {
  apiKeysSsm?: string | undefined;
  apiKeysSecret?: string | undefined;
}): ReadText | undefined => textReader({ parameter: apiKeysSsm, secret: apiKeysSecret });

/** How a stored text is kept up to date. */
interface RefreshOptions {
  /** Seconds. */
  readonly refresh: number;
  /** Writes one JSON line when a later read fails. */
  readonly log: (line: string) => void;
  /** Returns fields to add to that line. */
  readonly failureFields?: () => object;
}

/**
 * Reads a text, and returns a function that returns what it means now. When that is older than `refresh`, it also reads the text
 * again in the background.
 *
 * @param parse throws a TypeError whose message repeats no secret
 * @param failure the `message` of the line that is logged when a later read fails
 * @throws TypeError when the first text is invalid; any error of the first read
 */
async function createStored<Value>(
  read: ReadText,
  parse: (text: string) => Value,
  failure: string,
  { refresh, log, failureFields }: RefreshOptions,
): Promise<() => Value> {
  let text = await read();
  let value = parse(text);
  let checkedAt = Date.now();
  async function renew() {
    try {
      const newText = await read();
      if (newText !== text) value = parse(newText);
      text = newText;
    } catch (error) {
      // Nothing of the text may be logged; messages of the parsers hold neither key nor secret.
      const why = error instanceof TypeError ? error.message : ((error as Error)?.name ?? 'unknown');
      log(JSON.stringify({ level: 'ERROR', message: failure, why, ...failureFields?.() }));
    }
  }
  return () => {
    if (Date.now() - checkedAt > refresh * 1000) {
      checkedAt = Date.now();
      void renew();
    }
    return value;
  };
}

/** Reads the registry, and returns a function that returns the current keys; see `createStored`. */
export const createRegistry = (read: ReadText, options: RefreshOptions): Promise<() => readonly Key[]> =>
  createStored(read, parseKeys, 'keys-not-refreshed', options);

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

/** The settings of what may be stored outside of the environment. */
interface StoredSettings {
  readonly apiKeysSsm?: string | undefined;
  readonly apiKeysSecret?: string | undefined;
  readonly apiKeysRefresh: number;
  readonly apiKeys: readonly Key[];
  readonly sourceHeadersSsm?: string | undefined;
  readonly sourceHeadersSecret?: string | undefined;
  readonly sourceHeaders: readonly HostHeaders[];
  readonly sourceBases: readonly SourceBase[];
}

/**
 * Opens the registry and the headers for origins, where they are in SSM or Secrets Manager.
 *
 * @param failureFields as in `openRegistry`, of the keys only
 * @returns the options of the handler that they are, and sentences for the log at start
 * @throws TypeError when one of them is invalid; any error of the first read
 */
export async function openStores(
  config: StoredSettings,
  log: (line: string) => void,
  failureFields: () => object = () => ({}),
) {
  const { sourceHeadersSsm: parameter, sourceHeadersSecret: secret, apiKeysRefresh: refresh } = config;
  const readHeaders = textReader({ parameter, secret });
  const [keys, sourceHeaders] = await Promise.all([
    openRegistry(config, log, failureFields),
    readHeaders && createStored(readHeaders, parseSourceHeaders, 'source-headers-not-refreshed', { refresh, log }),
  ]);
  const warnings = unusedHeaderWarnings(
    sourceHeaders?.() ?? config.sourceHeaders,
    keys?.() ?? config.apiKeys,
    config.sourceBases,
  );
  return { options: { ...(keys && { keys }), ...(sourceHeaders && { sourceHeaders }) }, warnings };
}
