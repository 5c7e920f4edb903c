/**
 * Lambda entry point of an authorizer for a REST API with a usage plan, which counts and limits the requests of each key. It
 * maps the key in `k` to the API key of the usage plan: the SHA-256 hash of the key, or of the key's id for a signed URL. It
 * does not authorize anything by itself: API Gateway rejects a key that the plan does not know, and the image function checks
 * the key and its policy.
 *
 * Source: API Gateway, "Choose an API key source", `usageIdentifierKey`.
 */
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { sha256 } from '../keys/registry.ts';

type RequestEvent = Pick<APIGatewayRequestAuthorizerEvent, 'methodArn' | 'queryStringParameters' | 'headers'>;

/** Returns a policy that allows the request, and the key of the usage plan. */
export const handler = async ({
  methodArn,
  queryStringParameters,
}: RequestEvent): Promise<APIGatewayAuthorizerResult> => {
  const usageIdentifierKey = sha256(queryStringParameters?.k ?? '');
  return {
    // Written to the log of API Gateway, so it must not be the key.
    principalId: usageIdentifierKey.slice(0, 16),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: methodArn.replace(/\/[A-Z]+\/.*$/, '/*') },
      ],
    },
    usageIdentifierKey,
  };
};
