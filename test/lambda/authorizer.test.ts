import { expect, test } from 'vitest';
import { sha256 } from '../../src/keys/registry.ts';
import { handler } from '../../src/lambda/authorizer.ts';

test('returns the hash of the key for the usage plan, but not the key', async () => {
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/';
  const result = await handler({ methodArn, queryStringParameters: { k: 'theKey', u: 'x' }, headers: null });
  expect(result.usageIdentifierKey).toBe(sha256('theKey'));
  // API Gateway accepts 20 to 128 characters.
  expect(result.usageIdentifierKey).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(result)).not.toContain('theKey');
  const [statement] = result.policyDocument.Statement as { Effect: string; Resource: string }[];
  expect(statement).toMatchObject({
    Effect: 'Allow',
    Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc/prod/*',
  });
  expect((await handler({ methodArn, queryStringParameters: null, headers: null })).usageIdentifierKey).toBe(
    sha256(''),
  );
});
