/**
 * Reads the registry of keys, and the headers for origins, from an SSM parameter or from Secrets Manager when the instance
 * starts, and again in the background, so that they change without a new deployment. Reads marks when it starts only. When a later read fails, or returns an
 * invalid text, the last valid one stays in use and the log reports it.
 *
 * Not by `@middy/ssm` and `@middy/secrets-manager`: they read at the first request, so an invalid registry would not stop
 * the deployment, and they drop the last valid value when a refresh fails.
 */
import type { SourceBase } from '../fetch/source-bases.ts';
import { type HostHeaders, parseSourceHeaders } from '../fetch/source-headers.ts';
import { loadMarks, type MarkLimits } from '../marks/load.ts';
import { type MarkSetting, parseMarks } from '../marks/settings.ts';
import { unusedHeaderWarnings } from './header-warnings.ts';
import { assertMarks, type Key, parseKeys } from './registry.ts';

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

/**
 * Reads the registry, and returns a function that returns the current keys; see `createStored`.
 *
 * @param markNames the marks that keys may have; any if unset
 */
export function createRegistry(
  read: ReadText,
  options: RefreshOptions,
  markNames?: readonly string[],
): Promise<() => readonly Key[]> {
  const parse = (text: string) => {
    const keys = parseKeys(text);
    if (markNames) assertMarks(keys, markNames);
    return keys;
  };
  return createStored(read, parse, 'keys-not-refreshed', options);
}

/**
 * Opens the registry in SSM or Secrets Manager; undefined when it is in the environment.
 *
 * @param failureFields returns fields to add to the log line of a failed refresh, such as a metric
 * @param markNames as in `createRegistry`
 * @throws TypeError when it is invalid; any error of the first read
 */
export async function openRegistry(
  config: Parameters<typeof registryReader>[0] & { readonly apiKeysRefresh: number },
  log: (line: string) => void,
  failureFields: () => object = () => ({}),
  markNames?: readonly string[],
): Promise<(() => readonly Key[]) | undefined> {
  const read = registryReader(config);
  return read && createRegistry(read, { refresh: config.apiKeysRefresh, log, failureFields }, markNames);
}

/** The settings of what may be stored outside of the environment. */
interface StoredSettings extends MarkLimits {
  readonly apiKeysSsm?: string | undefined;
  readonly apiKeysSecret?: string | undefined;
  readonly apiKeysRefresh: number;
  readonly apiKeys: readonly Key[];
  readonly sourceHeadersSsm?: string | undefined;
  readonly sourceHeadersSecret?: string | undefined;
  readonly sourceHeaders: readonly HostHeaders[];
  readonly sourceBases: readonly SourceBase[];
  readonly marksSsm?: string | undefined;
  readonly marks: readonly MarkSetting[];
}

/** Returns the marks of the settings, which may be in SSM. @throws TypeError when they are invalid; any error of the read */
async function readMarks({ marksSsm: parameter, marks }: StoredSettings): Promise<readonly MarkSetting[]> {
  const read = textReader({ parameter });
  if (!read) return marks;
  try {
    return parseMarks(await read());
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`MARKS_SSM is invalid: ${error.message}`) : error;
  }
}

/**
 * Opens the registry and the headers for origins, where they are in SSM or Secrets Manager, and reads the marks.
 *
 * @param failureFields as in `openRegistry`, of the keys only
 * @returns the options of the handler that they are, and sentences for the log at start
 * @throws TypeError when one of them is invalid, or a key needs a mark that there is not; any error of the first read; Error
 *   that names a mark which cannot be read
 */
export async function openStores(
  config: StoredSettings,
  log: (line: string) => void,
  failureFields: () => object = () => ({}),
) {
  const { sourceHeadersSsm: parameter, sourceHeadersSecret: secret, apiKeysRefresh: refresh } = config;
  const readHeaders = textReader({ parameter, secret });
  const settings = await readMarks(config);
  const markNames = settings.map(({ name }) => name);
  assertMarks(config.apiKeys, markNames);
  const [keys, sourceHeaders, marks] = await Promise.all([
    openRegistry(config, log, failureFields, markNames),
    readHeaders && createStored(readHeaders, parseSourceHeaders, 'source-headers-not-refreshed', { refresh, log }),
    loadMarks(settings, config),
  ]);
  const warnings = unusedHeaderWarnings(
    sourceHeaders?.() ?? config.sourceHeaders,
    keys?.() ?? config.apiKeys,
    config.sourceBases,
  );
  return { options: { ...(keys && { keys }), ...(sourceHeaders && { sourceHeaders }), marks }, warnings };
}
