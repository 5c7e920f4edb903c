/**
 * The examples for the CDK and Terraform: read by their tools, and equal to template.yaml where they must be. `npm run test:examples`.
 * Terraform itself and its provider are in no package registry: its file is parsed by the library in checkov's environment.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edgeFunction } from '../../src/generate/cloudfront-table.ts';
import { npmInstall, once } from '../runtime/installed-tools.ts';
import { resolve } from '../template-resolve.ts';
import { lint, PYTHON, transform } from '../template-sam.ts';
import { CHECKOV } from './checkov.ts';

const at = (name: string) => fileURLToPath(new URL(`../../src/build/examples/${name}`, import.meta.url));
const EDGE = {
  AvifAuto: 'off',
  EdgeKeys: 'off',
  Public: 'off',
  Compat: '',
  QueryIgnored: 'utm_*,fbclid,gclid,msclkid,mc_eid,_',
};
// biome-ignore lint/suspicious/noExplicitAny: documents of three other programs
type Document = any;

/** What must be as in template.yaml, by which each of them is deployed, from the properties of CloudFormation. */
const factsOf = (find: (type: string) => Document) => {
  const { Handler, Runtime, MemorySize, Timeout, Architectures } = find('AWS::Lambda::Function');
  const { DefaultCacheBehavior, HttpVersion, CustomErrorResponses } = find(
    'AWS::CloudFront::Distribution',
  ).DistributionConfig;
  const {
    MinTTL,
    DefaultTTL,
    MaxTTL,
    ParametersInCacheKeyAndForwardedToOrigin: cacheKey,
  } = find('AWS::CloudFront::CachePolicy').CachePolicyConfig;
  return {
    function: { Handler, Runtime, MemorySize: Number(MemorySize), Timeout: Number(Timeout), Architectures },
    invokeMode: find('AWS::Lambda::Url').InvokeMode,
    distribution: {
      HttpVersion,
      compress: DefaultCacheBehavior.Compress,
      methods: DefaultCacheBehavior.AllowedMethods,
    },
    errors: Object.fromEntries(CustomErrorResponses.map((row: Document) => [row.ErrorCode, row.ErrorCachingMinTTL])),
    lifetimes: [MinTTL, DefaultTTL, MaxTTL],
    cacheKey: [cacheKey.HeadersConfig.Headers, cacheKey.QueryStringsConfig.QueryStringBehavior],
    forwarded: find('AWS::CloudFront::OriginRequestPolicy').OriginRequestPolicyConfig.HeadersConfig.Headers,
    signing: find('AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig.OriginAccessControlOriginType,
  };
};

/** Of the template, with its defaults and the keys of the examples. */
function ofTemplate() {
  const { resources } = resolve(transform(), { KeysParameter: '/pixgate/keys' });
  const list = Object.entries(resources);
  const find = (type: string): Document =>
    list.find(([name, { Type }]) => Type === type && name !== 'Resizer')?.[1].Properties;
  return { facts: factsOf(find), environment: find('AWS::Lambda::Function').Environment.Variables };
}
/** The variables of an example, as strings: those that are not set have the default of the product. */
const expectSettings = (variables: Readonly<Record<string, string>>, template: Readonly<Record<string, unknown>>) => {
  for (const [name, value] of Object.entries(variables)) expect([name, value]).toEqual([name, String(template[name])]);
  expect(Object.keys(variables)).toEqual(
    expect.arrayContaining(['API_KEYS_SSM', 'VIEWER_HOST_HEADER', 'QUERY_IGNORED']),
  );
};

test('the function of the CDN has no other placeholders, in the syntax of either tool', () => {
  expect([...edgeFunction().matchAll(/\$\{(\w*)/g)].map(([, name]) => name)).toEqual(Object.keys(EDGE));
  expect(edgeFunction()).not.toContain('%{');
});

describe('cdk.mjs', () => {
  let folder: string;
  let template: Document;
  beforeAll(async () => {
    const tools = await once('cdk-2.276.0', (into) =>
      npmInstall(into, { 'aws-cdk-lib': '2.276.0', constructs: '10.8.1' }),
    );
    folder = mkdtempSync(join(tmpdir(), 'pixgate-cdk-'));
    symlinkSync(join(tools, 'node_modules'), join(folder, 'node_modules'));
    cpSync(at('cdk.mjs'), join(folder, 'cdk.mjs'));
    mkdirSync(join(folder, 'dist'));
    // As npm run package writes them.
    writeFileSync(join(folder, 'dist/cloudfront-function.js'), edgeFunction());
    writeFileSync(join(folder, 'pixgate-arm64.zip'), 'a package');
    execFileSync(process.execPath, ['cdk.mjs'], { cwd: folder, env: { ...process.env, CDK_OUTDIR: 'cdk.out' } });
    template = JSON.parse(readFileSync(join(folder, 'cdk.out/pixgate.template.json'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const find = (type: string) =>
    (Object.values(template.Resources) as Document[]).find(({ Type }) => Type === type)?.Properties;

  test('the function of the CDN is that of dist/, with its parameters', () =>
    expect(find('AWS::CloudFront::Function').FunctionCode).toBe(
      edgeFunction().replace(/\$\{(\w+)\}/g, (_, name: keyof typeof EDGE) => EDGE[name]),
    ));

  test.skipIf(!PYTHON)('it is as template.yaml', () => {
    const { facts, environment } = ofTemplate();
    expect(factsOf(find)).toEqual(facts);
    expectSettings(find('AWS::Lambda::Function').Environment.Variables, environment);
    const principals = (Object.values(template.Resources) as Document[])
      .filter(({ Type }) => Type === 'AWS::Lambda::Permission')
      .map(({ Properties }) => [Properties.Action, Properties.Principal]);
    expect(principals.sort()).toEqual([
      ['lambda:InvokeFunction', 'cloudfront.amazonaws.com'],
      ['lambda:InvokeFunctionUrl', 'cloudfront.amazonaws.com'],
    ]);
  });

  test.skipIf(!PYTHON)('cfn-lint reports no error', () =>
    expect(lint(['us-east-1'], join(folder, 'cdk.out/pixgate.template.json'))).not.toMatch(/^E/m),
  );
});

describe.skipIf(!CHECKOV)('main.tf', () => {
  let resources: Document;
  beforeAll(() => {
    const python = join(dirname(CHECKOV ?? ''), 'python');
    const parse = 'import hcl2, json, sys; print(json.dumps(hcl2.load(open(sys.argv[1]))))';
    const { resource } = JSON.parse(execFileSync(python, ['-c', parse, at('main.tf')], { encoding: 'utf8' }));
    resources = Object.fromEntries(resource.flatMap((one: Document) => Object.entries(one)));
  });
  /** Returns a resource; this parser puts each value into a list. */
  const get = (type: string): Document => Object.values(resources[type])[0];

  test.skipIf(!PYTHON)('it is as template.yaml', () => {
    const { facts, environment } = ofTemplate();
    const fn = get('aws_lambda_function');
    const policy = get('aws_cloudfront_cache_policy');
    const [cacheKey] = policy.parameters_in_cache_key_and_forwarded_to_origin;
    const cdn = get('aws_cloudfront_distribution');
    const [behavior] = cdn.default_cache_behavior;
    const read = {
      function: {
        ...{ Handler: fn.handler[0], Runtime: fn.runtime[0], Architectures: fn.architectures[0] },
        ...{ MemorySize: fn.memory_size[0], Timeout: fn.timeout[0] },
      },
      invokeMode: get('aws_lambda_function_url').invoke_mode[0],
      distribution: {
        ...{ HttpVersion: cdn.http_version[0], compress: behavior.compress[0], methods: behavior.allowed_methods[0] },
      },
      errors: cdn.dynamic[0].custom_error_response.for_each[0],
      lifetimes: [policy.min_ttl[0], policy.default_ttl[0], policy.max_ttl[0]],
      cacheKey: [
        cacheKey.headers_config[0].headers[0].items[0],
        cacheKey.query_strings_config[0].query_string_behavior[0],
      ],
      forwarded: get('aws_cloudfront_origin_request_policy').headers_config[0].headers[0].items[0],
      signing: get('aws_cloudfront_origin_access_control').origin_access_control_origin_type[0],
    };
    expect(read).toEqual(facts);
    const variables = fn.environment[0].variables[0];
    const literal = {
      '${local.keys}': '/pixgate/keys',
      '${local.edge.AvifAuto}': 'off',
      '${local.edge.QueryIgnored}': EDGE.QueryIgnored,
    };
    expectSettings(
      Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, literal[value as keyof typeof literal] ?? value]),
      ) as Record<string, string>,
      environment,
    );
  });

  test('every reference has a target', () => {
    const text = readFileSync(at('main.tf'), 'utf8');
    const references = [...text.matchAll(/\b(aws_\w+)\.(\w+)\./g)].filter(([, type]) => type !== 'aws_ssm_parameter');
    expect(references.length).toBeGreaterThan(10);
    for (const [, type = '', name = ''] of references) expect(Object.keys(resources[type] ?? {}), type).toContain(name);
  });
});
