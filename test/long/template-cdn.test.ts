/** What the template adds around the functions on demand: domain, WAF, an existing distribution, VPC, boundary, KMS. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMON_HEADERS } from '../../src/http/headers.ts';
import type { Stack } from '../template-resolve.ts';
import { PYTHON } from '../template-sam.ts';
import { EVENT_SOURCES, environment, lambdaFunctions, resourcesOfType, stack } from '../template-stack.ts';

interface Distribution {
  readonly Origins: readonly Readonly<Record<string, unknown>>[];
  readonly DefaultCacheBehavior: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}
const distribution = ({ resources }: Stack) =>
  resources.Distribution?.Properties.DistributionConfig as unknown as Distribution;
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b';

describe.skipIf(!PYTHON)('the distribution of the template', () => {
  test('has CloudFront’s own host name, without a firewall or Origin Shield, by default', () => {
    const made = distribution(stack());
    for (const name of ['Aliases', 'ViewerCertificate', 'WebACLId']) expect(made).not.toHaveProperty(name);
    expect(made.PriceClass).toBe('PriceClass_All');
    expect(made.Origins[0]).not.toHaveProperty('OriginShield');
    expect(made.DefaultCacheBehavior).not.toHaveProperty('TrustedKeyGroups');
  });

  test('a domain has its certificate and its records, and is a host of the functions', () => {
    const domain = { DomainName: 'img.example.com', CertificateArn: CERTIFICATE };
    const made = stack({ ...domain, HostedZoneId: 'Z0123', OwnHosts: 'cdn.example.com', RestApi: 'on' });
    expect(distribution(made)).toMatchObject({
      Aliases: ['img.example.com'],
      ViewerCertificate: { AcmCertificateArn: CERTIFICATE, SslSupportMethod: 'sni-only' },
    });
    const { HostedZoneId, RecordSets } = (made.resources.Records?.Properties ?? {}) as never;
    expect(HostedZoneId).toBe('Z0123');
    expect(RecordSets).toEqual(
      ['A', 'AAAA'].map((Type) => ({
        Name: 'img.example.com',
        Type,
        AliasTarget: { DNSName: '<Distribution.DomainName>', HostedZoneId: 'Z2FDTNDATAQYW2' },
      })),
    );
    expect(environment(made)).toMatchObject({
      OWN_HOSTS: 'img.example.com,cdn.example.com',
      STREAMING_URL: 'https://img.example.com/',
    });
    expect(environment(stack(domain)).OWN_HOSTS).toBe('img.example.com');
    expect(stack(domain).resources).not.toHaveProperty('Records');
  });

  test('firewall, price class, Origin Shield and key groups are those of the parameters', () => {
    const WebAclArn = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/0a1b';
    const group = '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';
    const made = distribution(
      stack({ WebAclArn, PriceClass: 'PriceClass_100', OriginShieldRegion: 'eu-west-1', TrustedKeyGroups: group }),
    );
    expect(made).toMatchObject({ WebACLId: WebAclArn, PriceClass: 'PriceClass_100' });
    expect(made.Origins[0]).toMatchObject({ OriginShield: { Enabled: true, OriginShieldRegion: 'eu-west-1' } });
    expect(made.DefaultCacheBehavior.TrustedKeyGroups).toEqual([group]);
  });

  test('an existing distribution takes its place: it alone may call the function, and the outputs are its behavior', () => {
    const { resources, outputs } = stack({ ExistingDistributionId: 'E1ABCDEFGHIJKL', EdgeKeys: 'on', AccessLog: 'on' });
    expect(resources).not.toHaveProperty('Distribution');
    for (const name of ['CdnMayCall', 'CdnMayCallUrl'])
      expect(resources[name]?.Properties.SourceArn).toBe(
        'arn:aws:cloudfront::123456789012:distribution/E1ABCDEFGHIJKL',
      );
    expect(outputs).toMatchObject({
      BehaviorOriginAccessControlId: '<AccessControl>',
      BehaviorCachePolicyId: '<CachePolicy>',
      BehaviorOriginRequestPolicyId: '<OriginPolicy>',
      BehaviorFunctionArn: '<Edge.FunctionARN>',
      KeyValueStoreArn: '<Keys.Arn>',
    });
    const page = readFileSync(new URL('../../src/docs/cloudfront.md', import.meta.url), 'utf8');
    const named = new Set(page.match(/\bBehavior[A-Z]\w+/g));
    expect([...named].sort()).toEqual(
      Object.keys(outputs)
        .filter((name) => name.startsWith('Behavior'))
        .sort(),
    );
    expect(outputs).not.toHaveProperty('DistributionId');
  });

  test('a buffered function names an entry point without its limit, if there is one', () => {
    const url = (overrides = {}) => environment(stack({ RestApi: 'on', ...overrides })).STREAMING_URL;
    expect(url()).toBe('https://<Distribution.DomainName>/');
    expect(url({ Cdn: 'off', StreamingApi: 'on' })).toBe(
      'https://<Streaming>.execute-api.eu-west-1.amazonaws.com/prod/',
    );
    expect(url({ ExistingDistributionId: 'E1ABCDEFGHIJKL' })).toBe('');
    expect(url({ Cdn: 'off' })).toBe('');
  });
});

describe.skipIf(!PYTHON)('the account around the template', () => {
  test('the functions that fetch sources are in the VPC on demand, with the permissions that this needs', () => {
    const vpc = { VpcSubnetIds: 'subnet-0a,subnet-0b', SecurityGroupIds: 'sg-0a' };
    const functions = lambdaFunctions(stack({ ...EVENT_SOURCES, ...vpc }));
    const expected = { SubnetIds: ['subnet-0a', 'subnet-0b'], SecurityGroupIds: ['sg-0a'] };
    for (const name of ['Resizer', 'Streamer']) expect(functions[name]?.VpcConfig, name).toEqual(expected);
    expect(functions.Authorizer).not.toHaveProperty('VpcConfig');
    expect(lambdaFunctions(stack()).Resizer).not.toHaveProperty('VpcConfig');
    expect(JSON.stringify(stack(vpc).resources.ResizerRole)).toContain('ec2:CreateNetworkInterface');
    expect(JSON.stringify(stack().resources.ResizerRole)).not.toContain('ec2:');
  });

  test('every role has the permissions boundary, and may decrypt with the given key only', () => {
    const boundary = 'arn:aws:iam::123456789012:policy/boundary';
    const key = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b';
    const made = stack({ ...EVENT_SOURCES, PermissionsBoundaryArn: boundary, SourceKmsKeyArn: key });
    for (const [name, role] of resourcesOfType(made, 'AWS::IAM::Role')) {
      expect(role.PermissionsBoundary, name).toBe(boundary);
      expect(JSON.stringify(role), name).toContain(`{"Effect":"Allow","Action":"kms:Decrypt","Resource":"${key}"}`);
    }
    for (const [name, role] of resourcesOfType(stack(EVENT_SOURCES), 'AWS::IAM::Role')) {
      expect(role, name).not.toHaveProperty('PermissionsBoundary');
      expect(JSON.stringify(role), name).not.toContain('kms:');
    }
  });

  test('the shared image cache stays when the stack is deleted, which an object in it would stop', () => {
    const { Results } = stack({ ResultBucket: 'on' }).resources;
    expect(Results).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(JSON.stringify(Results?.Properties)).toContain('"ExpirationInDays":"30"');
  });

  test('sam build leaves the package as it is', () => {
    const source = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
    const blocks = source.match(/^ {4}Type: AWS::Serverless::Function\n[\s\S]*?(?=^ {2}\w)/gm) ?? [];
    expect(blocks).toHaveLength(4);
    for (const block of blocks) {
      expect(block).toContain('Metadata: { SkipBuild: true }');
      expect(block).toContain('CodeUri: dist/');
    }
  });
});

describe.skipIf(!PYTHON)('errors of API Gateway itself', () => {
  const responses = (name: string) =>
    Object.entries(
      ((stack(EVENT_SOURCES).resources[name]?.Properties.Body ?? {}) as never)['x-amazon-apigateway-gateway-responses'],
    ) as [
      string,
      { statusCode?: string; responseParameters: Record<string, string>; responseTemplates: Record<string, string> },
    ][];

  test.each(['Api', 'Streaming', 'MeteredApi'])('of %s are problem documents, which other sites can read', (name) => {
    expect(responses(name).map(([type]) => type)).toEqual(expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX']));
    for (const [type, { statusCode, responseParameters, responseTemplates }] of responses(name)) {
      const header = (field: string) => responseParameters[`gatewayresponse.header.${field}`];
      expect(header('Content-Type'), type).toBe("'application/problem+json'");
      for (const field of [
        'Access-Control-Allow-Origin',
        'X-Content-Type-Options',
        'Cross-Origin-Resource-Policy',
      ] as const)
        expect(header(field), `${type} ${field}`).toBe(`'${COMMON_HEADERS[field]}'`);
      expect(header('Cache-Control'), type).toBe("'no-store'");
      const text = `${responseTemplates['application/json']}`
        .replace('$context.error.messageString', '"a \\"message\\""')
        .replace('$context.error.responseType', type);
      const problem = JSON.parse(text);
      expect(problem, type).toMatchObject({
        type: expect.stringMatching(/^(?:about:blank|\/docs\/errors#[a-z_]+)$/),
        instance: '$context.requestId',
        title: expect.any(String),
        code: expect.any(String),
      });
      if (statusCode !== undefined) expect(problem.status, type).toBe(Number(statusCode));
    }
  });
});
