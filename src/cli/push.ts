/** Pushes a registry to AWS: to SSM or Secrets Manager directly, to CloudFront and API Gateway by printed commands. */
import { readFileSync } from 'node:fs';
import { type Key, parseKeys, usagePlanKey } from '../keys/registry.ts';
import { UsageError } from './arguments.ts';
import { writeParameter } from './ssm.ts';

export type PushTarget = Partial<Record<'ssm' | 'secret' | 'kvs' | 'usage-plan', string>>;

async function putSecret(id: string, text: string): Promise<void> {
  const { PutSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  await new SecretsManagerClient({}).send(new PutSecretValueCommand({ SecretId: id, SecretString: text }));
}

/** Prints the command for one key. API Gateway's value of a key is the authorizer's `usageIdentifierKey`. */
function usagePlanCommand(key: Key, plan: string): string {
  const created = `$(aws apigateway create-api-key --name ${key.id} --enabled --value ${usagePlanKey(key)} --query id --output text)`;
  return `aws apigateway create-usage-plan-key --usage-plan-id ${plan} --key-type API_KEY --key-id ${created}`;
}

/** Whether a key can be used at a time, in milliseconds since 1970. */
const isValid = ({ disabled, notBefore = 0, notAfter = Number.POSITIVE_INFINITY }: Key, now: number): boolean =>
  !disabled && notBefore <= now && now < notAfter;

/** Prints a comment for each key that is valid later: the store knows no times. */
const laterComments = (keys: readonly Key[], now: number): string[] =>
  keys.flatMap((key) =>
    key.sha256 && key.notBefore !== undefined && !isValid(key, now) && isValid(key, key.notBefore)
      ? [`# ${key.id} is valid from ${new Date(key.notBefore).toISOString()}: push again then`]
      : [],
  );

/**
 * Prints one command for each hash: puts those that are valid now into the key value store, and deletes the revoked and
 * expired ones and those that are not valid yet.
 */
function keyValueStoreCommands(keys: readonly Key[], arn: string): string[] {
  const now = Date.now();
  const hashes = (entries: readonly Key[]) => new Set(entries.flatMap(({ sha256: hash }) => hash ?? []));
  const valid = hashes(keys.filter((key) => isValid(key, now)));
  // A hash can have several entries, such as one that has expired and one that was prolonged.
  const invalid = [...hashes(keys)].filter((hash) => !valid.has(hash));
  const store = `--kvs-arn ${arn}`;
  const etag = `$(aws cloudfront-keyvaluestore describe-key-value-store ${store} --query ETag --output text)`;
  return [
    ...laterComments(keys, now),
    ...[...valid].map(
      (hash) => `aws cloudfront-keyvaluestore put-key ${store} --if-match "${etag}" --key ${hash} --value 1`,
    ),
    ...invalid.map((hash) => `aws cloudfront-keyvaluestore delete-key ${store} --if-match "${etag}" --key ${hash}`),
  ];
}

/** Pushes the registry in `file`. @returns a confirmation, or the commands to run @throws UsageError without a target */
export async function pushKeys(file: string, { ssm, secret, kvs, 'usage-plan': plan }: PushTarget): Promise<string> {
  const text = readFileSync(file, 'utf8');
  const keys = parseKeys(text);
  if (ssm) {
    await writeParameter(ssm, text);
    return `Wrote ${keys.length} key(s) to the SSM parameter ${ssm}. Running instances reload it.`;
  }
  if (secret) {
    await putSecret(secret, text);
    return `Wrote ${keys.length} key(s) to the secret ${secret}. Running instances reload it.`;
  }
  if (plan)
    return keys
      .filter(({ disabled, notAfter = Number.POSITIVE_INFINITY }) => !disabled && Date.now() < notAfter)
      .map((key) => usagePlanCommand(key, plan))
      .join('\n');
  if (!kvs) throw new UsageError('push needs --ssm NAME, --secret NAME, --kvs ARN or --usage-plan ID');
  return keyValueStoreCommands(keys, kvs).join('\n');
}
