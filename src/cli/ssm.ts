/** Reads and writes a registry of keys in an SSM parameter, with AWS's default region and credentials. */

/** Returns the text of a parameter; undefined if there is none. @param region default: AWS's default region */
export async function readParameter(name: string, region?: string): Promise<string | undefined> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(region ? { region } : {});
  try {
    return (await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') return undefined;
    throw error;
  }
}

/** Returns a registry without white space: 4096 characters of a standard parameter then hold about 40 keys. */
export const compact = (registry: string): string =>
  /^\s*[[{]/.test(registry) ? JSON.stringify(JSON.parse(registry)) : registry.trim();

/** Writes a registry, encrypted. A longer one than a standard parameter can hold becomes an advanced parameter, for $0.05 a month. */
export async function writeParameter(name: string, registry: string, region?: string): Promise<void> {
  const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  await new SSMClient(region ? { region } : {}).send(
    new PutParameterCommand({
      Name: name,
      Value: compact(registry),
      Type: 'SecureString',
      Tier: 'Intelligent-Tiering',
      Overwrite: true,
    }),
  );
}
