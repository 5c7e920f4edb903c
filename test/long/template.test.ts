/** The template: linted, and transformed as SAM would, offline. Needs PYTHON with cfn-lint and aws-sam-translator. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const { PYTHON } = process.env;
if (!PYTHON)
  console.log('SKIPPED: the tests of the template need PYTHON, with cfn-lint and aws-sam-translator (pip install)');

const TRANSFORM = `
import json, os, sys
os.environ['AWS_DEFAULT_REGION'] = 'eu-west-1'
from samtranslator.yaml_helper import yaml_parse
from samtranslator.translator.transform import transform
class Policies:
    def load(self): return {'AWSLambdaBasicExecutionRole': 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'}
template = yaml_parse(open(sys.argv[1]).read())
for resource in template['Resources'].values():
    if resource['Type'] == 'AWS::Serverless::Function': resource['Properties']['CodeUri'] = 's3://bucket/key'
print(json.dumps(transform(template, {}, Policies())))
`;
const template = fileURLToPath(new URL('../../template.yaml', import.meta.url));

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Definition {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

describe.skipIf(!PYTHON)('template.yaml', () => {
  let resources: Record<string, Resource>;
  beforeAll(() => {
    const out = execFileSync(PYTHON ?? '', ['-c', TRANSFORM, template], { stdio: ['ignore', 'pipe', 'ignore'] });
    resources = JSON.parse(out.toString()).Resources;
  });
  const of = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
  const text = (name: string) => JSON.stringify(resources[name]);

  test('cfn-lint has nothing to say', () =>
    expect(execFileSync(join(dirname(PYTHON ?? ''), 'cfn-lint'), [template]).toString()).toBe(''));

  test('every media type is binary, and every method goes to the function', () => {
    for (const [name, { Properties }] of of('AWS::ApiGateway::RestApi').filter(([one]) => one !== 'Streaming')) {
      const body = Properties.Body as Definition;
      expect(body, name).toMatchObject({ 'x-amazon-apigateway-binary-media-types': ['*/*'] });
      for (const method of Object.values(body.paths['/'] ?? {}))
        expect(JSON.stringify(method)).toMatch(/"type":"aws_proxy".*\$\{Resizer\.Arn\}\/invocations/);
    }
    const own = resources.Api?.Properties.Body as Definition;
    expect(Object.keys(own.paths['/'] ?? {}).sort()).toEqual(['get', 'head', 'options']);
  });

  test('what streams is called by the other path, and by the word of the definition, not SAM’s', () => {
    expect(text('Streaming')).toMatch(/"responseTransferMode":"STREAM"/);
    expect(text('Streaming')).toMatch(/2021-11-15\/functions\/\$\{Streamer\.Arn\}\/response-streaming-invocations/);
    expect(text('StreamingMayCall')).toContain('"Streamer"');
    expect(text('Http')).toContain('"payloadFormatVersion":"2.0"');
    expect(text('Http')).toMatch(/2015-03-31\/functions\/\$\{Resizer\.Arn\}\/invocations/);
    expect(text('HttpMayCall')).toContain('"Resizer"');
  });

  test('a changed definition makes a new deployment: its name holds a hash', () =>
    expect(of('AWS::ApiGateway::Deployment').map(([name]) => name)).toEqual([
      expect.stringMatching(/^ApiDeployment[0-9a-f]{10}$/),
      expect.stringMatching(/^MeteredApiDeployment[0-9a-f]{10}$/),
      expect.stringMatching(/^StreamingDeployment[0-9a-f]{10}$/),
    ]));

  test('CloudFront alone may call the address of the streaming function, and may do both that it takes', () => {
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

  test('the cache goes by the query and the one header that matters; nothing is compressed again; the host stays behind', () => {
    expect(text('CachePolicy')).toContain('"HeadersConfig":{"HeaderBehavior":"whitelist","Headers":["Accept"]}');
    expect(text('CachePolicy')).toContain('"QueryStringBehavior":"all"');
    expect(text('OriginPolicy')).not.toMatch(/"host"/i);
    expect(text('Distribution')).toContain('"Compress":false');
    expect(text('Distribution')).toContain('"HttpVersion":"http2and3"');
    expect(text('Distribution')).toContain('"CacheTagConfig":{"HeaderName":"Cache-Tag"}');
  });

  test('no log holds a query', () => {
    for (const [name] of of('AWS::ApiGateway::Stage'))
      expect(text(name)).not.toMatch(/querystring|requestOverride|authorizer/i);
    expect(text('Distribution')).not.toContain('Logging');
  });

  test('no right is for everything', () => {
    for (const [name, { Properties }] of of('AWS::IAM::Role'))
      for (const resource of JSON.stringify(Properties).match(/"Resource":\s*"[^"]*"/g) ?? [])
        expect(resource, name).not.toBe('"Resource":"*"');
  });
});
