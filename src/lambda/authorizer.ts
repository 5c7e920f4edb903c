/**
 * The Lambda entry of an authorizer for a REST API with a usage plan, which counts and limits the requests of each key. It
 * maps the key in `k` to the API key of the gateway by whose value the plan knows it: the key's SHA-256, or of a signed
 * address the id's. It lets nobody in: a key that the plan does not know is refused by the gateway, and whether the key may
 * do what it asks is checked behind it.
 *
 * Source: API Gateway, "Choose an API key source", `usageIdentifierKey`.
 */
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { sha256 } from '../keys/registry.ts';

type RequestEvent = Pick<APIGatewayRequestAuthorizerEvent, 'methodArn' | 'queryStringParameters' | 'headers'>;

export const handler = async ({
  methodArn,
  queryStringParameters,
}: RequestEvent): Promise<APIGatewayAuthorizerResult> => {
  const usageIdentifierKey = sha256(queryStringParameters?.k ?? '');
  return {
    // A name for the gateway's log, which the key must not stand in.
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
