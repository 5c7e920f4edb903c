/** Purges by cache tag at CloudFront. */

/** Creates an invalidation of cache tags, with AWS's default credentials. @returns a confirmation */
export async function invalidate(DistributionId: string, tags: readonly string[]): Promise<string> {
  const { CloudFrontClient, CreateInvalidationCommand } = await import('@aws-sdk/client-cloudfront');
  const batch = { CallerReference: `pixgate-${Date.now()}`, Paths: { Quantity: tags.length, Items: [...tags] } };
  const command = new CreateInvalidationCommand({ DistributionId, InvalidationBatch: batch });
  const { Invalidation } = await new CloudFrontClient({}).send(command);
  return `Invalidation ${Invalidation?.Id} of ${tags.join(' ')} created`;
}

/** Returns the AWS CLI command for the same. */
export const invalidationCommand = (distribution: string, tags: readonly string[]): string =>
  `aws cloudfront create-invalidation --distribution-id ${distribution} --paths ${tags.map((tag) => `'${tag}'`).join(' ')}`;
