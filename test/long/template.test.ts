/** The template: linted, and transformed as SAM would, offline. Needs PYTHON with cfn-lint and aws-sam-translator. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { WITHOUT_FUNCTION_URLS } from '../../src/build/deployment-plan.ts';
import { parseKeys } from '../../src/keys/registry.ts';
import { type Resource, resolve, type Template } from '../template-resolve.ts';
import { lint, PYTHON, SAM, samValidate, transform } from '../template-sam.ts';
import { EVENT_SOURCES, REST_ONLY } from '../template-stack.ts';

if (!PYTHON)
  console.log('SKIPPED: the tests of the template need PYTHON, with cfn-lint and aws-sam-translator (pip install)');
else if (!SAM) console.log('SKIPPED: sam validate needs sam beside PYTHON (pip install aws-sam-cli)');

interface Definition {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** A value of each parameter that is empty by default. */
const VALUES = {
  DomainName: 'img.example.com',
  CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b',
  HostedZoneId: 'Z0123456789ABCDEFGHIJ',
  KeysParameter: '/pixgate/keys',
  SourceAllowedHosts: 'example.com',
  SourceBuckets: 'photos,scans',
  SourceAllowedNetworks: '10.0.0.0/8',
  SourceKmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/0a1b',
  VpcSubnetIds: 'subnet-0a,subnet-0b',
  SecurityGroupIds: 'sg-0a',
  PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
  AlarmEmail: 'ops@example.com',
  WebAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/0a1b',
  OriginShieldRegion: 'eu-west-1',
  TrustedKeyGroups: '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f',
  ExistingDistributionId: 'E1ABCDEFGHIJKL',
  OwnHosts: 'cdn.example.com',
};

describe.skipIf(!PYTHON)('template.yaml', () => {
  let template: Template;
  let resources: Readonly<Record<string, Resource>>;
  beforeAll(() => {
    template = transform();
    resources = template.Resources;
  });
  const of = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
  const text = (name: string) => JSON.stringify(resources[name]);

  test('cfn-lint reports nothing, in regions with function URLs', () =>
    expect(lint(['us-east-1', 'eu-west-1', 'ap-south-1'])).toBe(''));

  test('in regions without, CloudFormation refuses the one type that is missing', () => {
    for (const region of ['il-central-1', 'ca-west-1']) {
      expect(WITHOUT_FUNCTION_URLS).toContain(region);
      const findings = lint([region]).match(/^[EW]\d+ .*$/gm);
      expect(findings).toEqual([`E3006 Resource type 'AWS::Lambda::Url' does not exist in '${region}'`]);
    }
  });

  test.skipIf(!SAM)('sam finds it valid, offline', async () => {
    const { output, connections } = await samValidate();
    expect(output).toContain('is a valid SAM Template');
    expect(connections).toBe(0);
  });

  test('with every parameter on, alone and in pairs, no reference is to an excluded resource', () => {
    const switches: [string, string][] = [
      ...Object.entries(template.Parameters).flatMap(([name, { AllowedValues }]): [string, string][] =>
        AllowedValues?.includes('on') ? [[name, 'on']] : [],
      ),
      ...Object.entries(VALUES),
      ['Cdn', 'off'],
      ['AWS::Region', 'us-east-1'],
    ];
    expect(switches.length).toBeGreaterThan(30);
    let resolved = 0;
    for (const [one, on] of switches)
      for (const [other, too] of switches) {
        const overrides: Record<string, string> = { RestApi: 'on', [one]: on, [other]: too };
        if (overrides.Batch) overrides.ResultBucket ??= 'on';
        if (overrides.PresetsOnly || overrides.Batch) overrides.Presets ??= 'thumb=w=100';
        if (overrides.DomainName || overrides.HostedZoneId)
          Object.assign(overrides, { DomainName: 'img.example.com', CertificateArn: VALUES.CertificateArn });
        if (overrides.CertificateArn) overrides.DomainName ??= 'img.example.com';
        if (overrides.VpcSubnetIds) overrides.SecurityGroupIds ??= 'sg-0a';
        if (overrides.SecurityGroupIds) overrides.VpcSubnetIds ??= 'subnet-0a';
        try {
          resolve(template, overrides);
          resolved++;
        } catch (error) {
          // Nothing but the rules of the template, each of which has a test of its own.
          expect(String(error), `${one} ${other}`).toMatch(/the rule \w+ is violated/);
        }
      }
    expect(resolved).toBeGreaterThan(switches.length ** 2 * 0.75);
  });

  test.each([
    ['the defaults', {}, 'https://<Distribution.DomainName>/'],
    ['a domain', { DomainName: 'img.example.com', CertificateArn: VALUES.CertificateArn }, 'https://img.example.com/'],
    ['a REST API', REST_ONLY, 'https://<Api>.execute-api.eu-west-1.amazonaws.com/prod/'],
    ['an HTTP API', { Cdn: 'off', HttpApi: 'on' }, 'https://<Http>.execute-api.eu-west-1.amazonaws.com/'],
    ['streaming', { Cdn: 'off', StreamingApi: 'on' }, 'https://<Streaming>.execute-api.eu-west-1.amazonaws.com/prod/'],
    ['a usage plan', { Cdn: 'off', UsagePlan: 'on' }, 'https://<MeteredApi>.execute-api.eu-west-1.amazonaws.com/prod/'],
  ])('the outputs name the URL, and an <img> with it: %s', (_, overrides, url) => {
    const { outputs } = resolve(template, overrides);
    expect(outputs.Url).toBe(url);
    expect(outputs.Img).toBe(`<img src="${url}?k=KEY&u=https%3A%2F%2Fexample.com%2Fcat.jpg&w=640" alt="">`);
  });

  test('nothing is created but what was asked for: by default one entry point', () => {
    const types = (overrides = {}) => Object.values(resolve(template, overrides).resources).map(({ Type }) => Type);
    expect(types().filter((type) => type.startsWith('AWS::ApiGateway'))).toEqual([]);
    expect(types().filter((type) => type === 'AWS::CloudFront::Distribution')).toHaveLength(1);
    expect(types(REST_ONLY).filter((type) => /CloudFront|Lambda::Url/.test(type))).toEqual([]);
  });

  test('keys come from one source at most; without any, the stack creates the first one', () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys';
    for (const two of [
      { ApiKeys: 'acme:secret', KeysParameter: '/keys' },
      { ApiKeys: 'acme:secret', KeysSecret: secret },
      { KeysParameter: '/keys', KeysSecret: secret },
    ])
      expect(() => resolve(template, two)).toThrow('OneSourceOfKeys');
    for (const one of [
      { ApiKeys: 'acme:secret' },
      { KeysParameter: '/keys' },
      { KeysSecret: secret },
      { Public: 'on' },
    ]) {
      const { resources, outputs } = resolve(template, one);
      expect(resources).not.toHaveProperty('FirstKey');
      expect(outputs).not.toHaveProperty('KeyCommand');
    }
    const { resources, outputs } = resolve(template, {});
    expect(outputs.KeyCommand).toContain('--secret-id <FirstKey>');
    const { GenerateSecretString: generated } = (resources.FirstKey?.Properties ?? {}) as never;
    // What Secrets Manager writes: the template's object, with the generated key.
    const { SecretStringTemplate, GenerateStringKey, PasswordLength } = generated as Record<string, string>;
    const text = JSON.stringify({
      ...JSON.parse(`${SecretStringTemplate}`),
      [`${GenerateStringKey}`]: 'x'.repeat(Number(PasswordLength)),
    });
    expect(parseKeys(text)).toMatchObject([{ id: 'first' }]);
  });

  test('a public deployment without allowed hosts is warned about', () => {
    expect(resolve(template, { Public: 'on' }).outputs.Warning).toContain('SourceAllowedHosts');
    expect(resolve(template, { Public: 'on', SourceAllowedHosts: 'a.example' }).outputs).not.toHaveProperty('Warning');
    expect(resolve(template).outputs).not.toHaveProperty('Warning');
  });

  test.each<[Record<string, string>, string]>([
    [{ Cdn: 'off' }, 'AnEntryPoint'],
    [{ 'AWS::Region': 'il-central-1' }, 'CdnNeedsFunctionUrls'],
    [{ DomainName: 'img.example.com' }, 'DomainNeedsCertificate'],
    [{ CertificateArn: VALUES.CertificateArn }, 'DomainNeedsCertificate'],
    [{ HostedZoneId: 'Z0123' }, 'DomainNeedsCertificate'],
    [{ ...REST_ONLY, WebAclArn: VALUES.WebAclArn }, 'DistributionNeedsCdn'],
    [{ ExistingDistributionId: 'E1ABCDEFGHIJKL', OriginShieldRegion: 'eu-west-1' }, 'DistributionNeedsCdn'],
    [{ ...REST_ONLY, ExistingDistributionId: 'E1ABCDEFGHIJKL' }, 'ExistingDistributionNeedsCdn'],
    [{ VpcSubnetIds: 'subnet-0a' }, 'VpcNeedsSecurityGroups'],
    [{ ...REST_ONLY, EdgeKeys: 'on' }, 'EdgeKeysNeedCdn'],
    [{ PresetsOnly: 'on' }, 'PresetsOnlyNeedsPresets'],
    [{ KeyUsage: 'on', LogLevel: 'warn' }, 'KeyUsageNeedsLog'],
    [{ Batch: 'on', Presets: 'thumb=w=100' }, 'BatchNeedsResultBucket'],
    [{ Batch: 'on', ResultBucket: 'on' }, 'BatchNeedsResultBucket'],
  ])('the rules refuse %j: %s', (overrides, rule) => expect(() => resolve(template, overrides)).toThrow(rule));

  test.each([
    ['ApiKeys', 'acme:$(openssl rand -hex 16)'],
    ['ApiKeys', 'acme:`openssl rand -hex 16`'],
    ['ApiKeys', 'acme'],
    ['ApiKeys', '[{"id":"acme","mode":"signed","secret":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]'],
    ['KeysParameter', 'pixgate/keys'],
    ['KeysSecret', 'pixgate/keys'],
    ['DomainName', 'https://img.example.com'],
    ['CertificateArn', 'arn:aws:acm:eu-west-1:123456789012:certificate/0a'],
    ['HostedZoneId', '/hostedzone/Z0123'],
    ['WebAclArn', 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b'],
    ['SourceAllowedHosts', 'https://example.com'],
    ['SourceAllowedHosts', 'example.com; example.net'],
    ['SourceAllowedNetworks', '10.0.0.0'],
    ['SourceBuckets', 's3://photos'],
    ['SourceBuckets', 'photos, scans'],
    ['SourceKmsKeyArn', 'alias/photos'],
    ['Presets', 'thumb'],
    ['BatchPresets', 'thumb, hero'],
    ['OwnHosts', '*.example.com'],
    ['VpcSubnetIds', 'vpc-0a'],
    ['OriginShieldRegion', 'Ireland'],
    ['PermissionsBoundaryArn', 'boundary'],
    ['TrustedKeyGroups', 'K2JCJMDEHXQW5F'],
    ['AlarmEmail', 'nobody'],
  ])('%s may not be %s', (name, value) =>
    expect(() => resolve(template, { [name]: value })).toThrow(`${name} may not be`),
  );

  test.each([
    ['ApiKeys', 'demo:myKey'],
    ['ApiKeys', 'acme:pxg_3f-Ab_9, other:0123456789abcdef=='],
    ['ApiKeys', '[{"id":"acme","sha256":"00","pages":["https://*.example.com"]}]'],
    ['SourceAllowedHosts', 'example.com, *.example.net,img.example.com:8080,bücher.example'],
    ['SourceAllowedNetworks', '10.0.0.0/8, fd00::/8'],
    ['Presets', 'thumb=w=200&h=200&fit=cover;hero=w=1600'],
    ['BatchPresets', 'thumb,thumb@2x,hero@1.5x'],
  ])('%s may be %s', (name, value) => expect(() => resolve(template, { [name]: value })).not.toThrow());

  test('every parameter has a default, which SAM accepts by Enter: not so with NoEcho', () => {
    for (const [name, parameter] of Object.entries(template.Parameters)) {
      expect(parameter, name).toHaveProperty('Default');
      expect(parameter, name).not.toHaveProperty('NoEcho');
    }
  });

  test('every parameter is in one group of the console', () => {
    const { ParameterGroups } = template.Metadata['AWS::CloudFormation::Interface'] as unknown as {
      ParameterGroups: { Parameters: string[] }[];
    };
    const grouped = ParameterGroups.flatMap(({ Parameters }) => Parameters);
    expect(grouped.sort()).toEqual(Object.keys(template.Parameters).sort());
  });

  test('every media type is binary, and every method goes to the function', () => {
    for (const [name, { Properties }] of of('AWS::ApiGateway::RestApi').filter(([one]) => one !== 'Streaming')) {
      const body = Properties.Body as unknown as Definition;
      expect(body, name).toMatchObject({ 'x-amazon-apigateway-binary-media-types': ['*/*'] });
      for (const method of Object.values(body.paths['/'] ?? {}))
        expect(JSON.stringify(method)).toMatch(/"type":"aws_proxy".*\$\{Resizer\.Arn\}\/invocations/);
    }
    const own = resources.Api?.Properties.Body as unknown as Definition;
    expect(Object.keys(own.paths['/'] ?? {}).sort()).toEqual(['get', 'head', 'options']);
  });

  test('the streaming function is invoked by the streaming path, as in the API definition, not by SAM', () => {
    expect(text('Streaming')).toMatch(/"responseTransferMode":"STREAM"/);
    expect(text('Streaming')).toMatch(/2021-11-15\/functions\/\$\{Streamer\.Arn\}\/response-streaming-invocations/);
    expect(text('StreamingMayCall')).toContain('"Streamer"');
    expect(text('Http')).toContain('"payloadFormatVersion":"2.0"');
    expect(text('Http')).toMatch(/2015-03-31\/functions\/\$\{Resizer\.Arn\}\/invocations/);
    expect(text('HttpMayCall')).toContain('"Resizer"');
  });

  test('nothing has an event, about whose authentication SAM would ask; the stage may invoke the function', () => {
    expect(readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8')).not.toMatch(/^ +Events:/m);
    expect(text('ApiMayCall')).toContain('"Resizer"');
    expect(resources.ApiMayCall?.Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
  });

  test('an update replaces no entry point, function or cache: CloudFormation knows them by these ids, and their names stay', () => {
    const made = resolve(template, { ...EVENT_SOURCES, EdgeKeys: 'on', ResultBucket: 'on' }).resources;
    const types: Readonly<Record<string, string>> = {
      Distribution: 'AWS::CloudFront::Distribution',
      StreamerUrl: 'AWS::Lambda::Url',
      Keys: 'AWS::CloudFront::KeyValueStore',
      Api: 'AWS::ApiGateway::RestApi',
      MeteredApi: 'AWS::ApiGateway::RestApi',
      Streaming: 'AWS::ApiGateway::RestApi',
      Http: 'AWS::ApiGatewayV2::Api',
      ApiprodStage: 'AWS::ApiGateway::Stage',
      Resizer: 'AWS::Lambda::Function',
      Streamer: 'AWS::Lambda::Function',
      Authorizer: 'AWS::Lambda::Function',
      ResizerRole: 'AWS::IAM::Role',
      Results: 'AWS::S3::Bucket',
    };
    for (const [id, type] of Object.entries(types)) expect(made[id]?.Type, id).toBe(type);
    expect(JSON.stringify(made.CachePolicy)).toContain('"Name":"pictures-pictures"');
    expect(JSON.stringify(made.OriginPolicy)).toContain('"Name":"pictures-resizer"');
    expect(made.Edge?.Properties.Name).toBe('pictures-edge');
    expect(made.Keys?.Properties.Name).toBe('pictures-keys');
    for (const id of ['Resizer', 'Streamer', 'ResizerRole', 'Results'])
      expect(
        Object.keys(made[id]?.Properties ?? {}).filter((name) => /^(?:Function|Role|Bucket)Name$/.test(name)),
      ).toEqual([]);
  });

  test('a changed definition creates a new deployment: its name contains a hash', () =>
    expect(
      of('AWS::ApiGateway::Deployment')
        .map(([name]) => name)
        .sort(),
    ).toEqual([
      expect.stringMatching(/^ApiDeployment[0-9a-f]{10}$/),
      expect.stringMatching(/^MeteredApiDeployment[0-9a-f]{10}$/),
      expect.stringMatching(/^StreamingDeployment[0-9a-f]{10}$/),
    ]));

  test('only CloudFront may call the URL of the streaming function, with both permissions that this needs', () => {
    expect(resources.StreamerUrl?.Properties).toMatchObject({ AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' });
    expect(text('Streamer')).toContain('stream.handler');
    for (const [name, action] of [
      ['CdnMayCallUrl', 'lambda:InvokeFunctionUrl'],
      ['CdnMayCall', 'lambda:InvokeFunction'],
    ] as const) {
      expect(resources[name]?.Properties).toMatchObject({ Action: action, Principal: 'cloudfront.amazonaws.com' });
      const { SourceArn } = resolve(template).resources[name]?.Properties ?? {};
      expect(SourceArn).toBe('arn:aws:cloudfront::123456789012:distribution/<Distribution>');
      expect(text(name)).toContain('"Streamer"');
    }
    expect(text('AccessControl')).toContain('"always"');
  });

  test('the cache key has the query and Accept, and Save-Data where it counts; responses are not compressed again; the Host is not forwarded', () => {
    expect(text('CachePolicy')).toContain(
      '"HeaderBehavior":"whitelist","Headers":{"Fn::If":["HasSaveData",["Accept","Save-Data"],["Accept"]]}',
    );
    expect(text('CachePolicy')).toContain('"QueryStringBehavior":"all"');
    expect(text('OriginPolicy')).not.toMatch(/"host"/i);
    // What the function of the distribution writes, and what the origin checks at a miss; nothing that AWS may refuse to forward.
    expect(text('OriginPolicy')).toContain('"Headers":["X-Api-Key","X-Pixgate-Host","Origin","Referer"]');
    expect(text('Distribution')).toContain('"Compress":false');
    expect(text('Distribution')).toContain('"HttpVersion":"http2and3"');
    expect(text('Distribution')).toContain('"CacheTagConfig":{"HeaderName":"Cache-Tag"}');
  });
});
