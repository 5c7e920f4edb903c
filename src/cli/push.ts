/** Pushes a registry to AWS: to SSM or Secrets Manager directly, to CloudFront and API Gateway by printed commands. */
import { readFileSync } from 'node:fs';
import { type Key, parseKeys, usagePlanKey } from '../keys/registry.ts';
import { UsageError } from './arguments.ts';
import { keyValueStoreCommands } from './edge-keys.ts';
import { writeParameter } from './ssm.ts';

export type PushTarget = Partial<Record<'ssm' | 'secret' | 'kvs' | 'usage-plan', string | undefined>>;

async function putSecret(id: string, text: string): Promise<void> {
  const { PutSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  await new SecretsManagerClient({}).send(new PutSecretValueCommand({ SecretId: id, SecretString: text }));
}

/** Prints the command for one key. API Gateway's value of a key is the authorizer's `usageIdentifierKey`. */
function usagePlanCommand(key: Key, plan: string): string {
  const created = `$(aws apigateway create-api-key --name ${key.id} --enabled --value ${usagePlanKey(key)} --query id --output text)`;
  return `aws apigateway create-usage-plan-key --usage-plan-id ${plan} --key-type API_KEY --key-id ${created}`;
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
