/** The template: linted, and transformed as SAM would, offline. Needs PYTHON with cfn-lint and aws-sam-translator. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Resource, resolve, type Template } from '../template-resolve.ts';
import { lint, PYTHON, SAM, samValidate, transform } from '../template-sam.ts';

if (!PYTHON)
  console.log('SKIPPED: the tests of the template need PYTHON, with cfn-lint and aws-sam-translator (pip install)');
else if (!SAM) console.log('SKIPPED: sam validate needs sam beside PYTHON (pip install aws-sam-cli)');

interface Definition {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

describe.skipIf(!PYTHON)('template.yaml', () => {
  let template: Template;
  let resources: Readonly<Record<string, Resource>>;
  beforeAll(() => {
    template = transform();
    resources = template.Resources;
  });
  const of = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
  const text = (name: string) => JSON.stringify(resources[name]);

  test('cfn-lint reports nothing', () => expect(lint()).toBe(''));

  test.skipIf(!SAM)('sam finds it valid, offline', async () => {
    const { output, connections } = await samValidate();
    expect(output).toContain('is a valid SAM Template');
    expect(connections).toBe(0);
  });

  test('with every parameter on, and in every region, no reference is to an excluded resource', () => {
    const switches: [string, string][] = [
      ...Object.entries(template.Parameters).flatMap(([name, { AllowedValues }]): [string, string][] =>
        AllowedValues?.includes('on') ? [[name, 'on']] : [],
      ),
      ['AlarmEmail', 'ops@example.com'],
      ['SourceBucket', 'pictures'],
      ['AWS::Region', 'us-east-1'],
    ];
    expect(switches.length).toBeGreaterThan(12);
    for (const [one, on] of switches)
      for (const [other, too] of switches) {
        const overrides = { ApiKeys: 'a:b', [one]: on, [other]: too };
        if ('EdgeKeys' in overrides) Object.assign(overrides, { Cdn: 'on' });
        if ('PresetsOnly' in overrides) Object.assign(overrides, { Presets: 'thumb=w=100' });
        expect(() => resolve(template, overrides), `${one} ${other}`).not.toThrow();
      }
    const all = { ...Object.fromEntries(switches), Presets: 'thumb=w=100' };
    expect(() => resolve(template, { ApiKeys: 'a:b', ...all })).not.toThrow();
  });

  test('keys come from one source; anonymous deployments need none', () => {
    expect(() => resolve(template)).toThrow('OneSourceOfKeys');
    expect(() => resolve(template, { ApiKeys: 'a:b', KeysParameter: '/keys' })).toThrow('OneSourceOfKeys');
    expect(() => resolve(template, { Public: 'on' })).not.toThrow();
    expect(() => resolve(template, { Public: 'on', ApiKeys: 'a:b' })).not.toThrow();
    expect(() => resolve(template, { ApiKeys: 'a:b', EdgeKeys: 'on' })).toThrow('EdgeKeysNeedCdn');
    expect(() => resolve(template, { ApiKeys: 'a:b', PresetsOnly: 'on' })).toThrow('PresetsOnlyNeedsPresets');
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

  test('a changed definition creates a new deployment: its name contains a hash', () =>
    expect(of('AWS::ApiGateway::Deployment').map(([name]) => name)).toEqual([
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
      expect(text(name)).toContain(['distribution/$', '{Distribution}'].join(''));
      expect(text(name)).toContain('"Streamer"');
    }
    expect(text('AccessControl')).toContain('"always"');
  });

  test('the cache key has the query and one header; responses are not compressed again; the Host is not forwarded', () => {
    expect(text('CachePolicy')).toContain('"HeadersConfig":{"HeaderBehavior":"whitelist","Headers":["Accept"]}');
    expect(text('CachePolicy')).toContain('"QueryStringBehavior":"all"');
    expect(text('OriginPolicy')).not.toMatch(/"host"/i);
    expect(text('Distribution')).toContain('"Compress":false');
    expect(text('Distribution')).toContain('"HttpVersion":"http2and3"');
    expect(text('Distribution')).toContain('"CacheTagConfig":{"HeaderName":"Cache-Tag"}');
  });
});
