/** Two stacks in one account, and their removal: by names in the resolved template, and by moto's CloudFormation as far as it goes. */
import { type ChildProcess, execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolve } from '../template-resolve.ts';
import { PYTHON, SAM, transform } from '../template-sam.ts';
import { EVENT_SOURCES } from '../template-stack.ts';
import { hasMoto, startMoto } from './moto.ts';

const ALL = {
  ...EVENT_SOURCES,
  EdgeKeys: 'on',
  ResultBucket: 'on',
  AlarmEmail: 'ops@example.com',
  Dashboard: 'on',
  AccessLog: 'on',
};

/** Names that a template gives to resources, of which an account may have one each. */
function namesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    /^(?:Name|\w+Name)$/.test(key) && typeof inner === 'string' ? [inner] : namesOf(inner),
  );
}

test.skipIf(!PYTHON)('no name of a stack is one of another stack, and only the shared image cache stays', () => {
  const template = transform();
  const [one, two] = ['pixgate', 'second'].map(
    (name) => resolve(template, { ...ALL, 'AWS::StackName': name }).resources,
  );
  const NAMED =
    /Logs::LogGroup|CloudFront::(?:CachePolicy|OriginRequestPolicy|OriginAccessControl|Function|KeyValueStore)|Dashboard|UsagePlan$/;
  const own = (resources = one) =>
    Object.entries(resources ?? {})
      .filter(([, { Type }]) => NAMED.test(Type))
      .flatMap(([, { Properties }]) => namesOf(Properties));
  expect(own().length).toBeGreaterThan(8);
  expect(own().filter((name) => own(two).includes(name))).toEqual([]);
  const kept = Object.entries(one ?? {}).filter(([, { DeletionPolicy }]) => DeletionPolicy !== undefined);
  expect(kept.map(([name, { DeletionPolicy }]) => [name, DeletionPolicy])).toEqual([['Results', 'Retain']]);
});

/** moto's CloudFormation has neither CloudFront nor alarms, and makes no API from a definition. */
const OF_MOTO = /^AWS::(?:IAM::Role|Logs::LogGroup|Lambda::Function|S3::Bucket|SNS::Topic)$/;
const CREATE = `
import boto3, sys
parameters = dict(Cdn='off', RestApi='on', KeysParameter='/pixgate/keys', ResultBucket='on', AlarmEmail='ops@example.com')
boto3.client('cloudformation').create_stack(StackName=sys.argv[1], TemplateURL='https://bucket.s3.amazonaws.com/template.json',
  Capabilities=['CAPABILITY_IAM'], Parameters=[{'ParameterKey': name, 'ParameterValue': value} for name, value in parameters.items()])
`;
const LIST = `
import boto3, json
print(json.dumps(sorted(
  [group['logGroupName'] for group in boto3.client('logs').describe_log_groups()['logGroups']] +
  [function['FunctionName'].rsplit('-', 1)[0] for function in boto3.client('lambda').list_functions()['Functions']] +
  [role['RoleName'].rsplit('-', 1)[0] for role in boto3.client('iam').list_roles()['Roles']] +
  [topic['TopicArn'].split(':')[-1].rsplit('-', 1)[0] for topic in boto3.client('sns').list_topics()['Topics']] +
  [bucket['Name'] for bucket in boto3.client('s3').list_buckets()['Buckets'] if bucket['Name'] != 'bucket'])))
`;

describe.skipIf(!hasMoto || !PYTHON || !SAM)('sam delete', () => {
  let moto: ChildProcess;
  let home: string;
  const env = () => ({ ...process.env, AWS_DEFAULT_REGION: 'us-east-1', HOME: home, SAM_CLI_TELEMETRY: '0' });
  const python = (code: string, ...args: string[]) =>
    execFileSync(PYTHON ?? '', ['-c', code, ...args], { env: env(), encoding: 'utf8' });
  const resources = (): string[] => JSON.parse(python(LIST));
  beforeAll(async () => {
    moto = await startMoto();
    home = mkdtempSync(join(tmpdir(), 'pixgate-stacks-'));
    mkdirSync(join(home, '.aws-sam'));
    writeFileSync(join(home, '.aws-sam/metadata.json'), JSON.stringify({ lastVersionCheck: Date.now() / 1000 }));
  });
  afterAll(() => {
    moto?.kill();
    rmSync(home, { recursive: true, force: true });
  });

  test('removes a stack, but for its cached images, and nothing of another stack', async () => {
    const { Outputs: _, Resources, ...template } = transform();
    const known = Object.entries(Resources).filter(
      ([name, { Type, Condition }]) => OF_MOTO.test(Type) && (!Condition || /^(?:Results|AlarmTopic)$/.test(name)),
    );
    const client = new S3Client({ forcePathStyle: true });
    const put = (Bucket: string, Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await put('bucket', 'key', 'a package');
    await put('bucket', 'template.json', JSON.stringify({ ...template, Resources: Object.fromEntries(known) }));
    python(CREATE, 'pixgate');
    const first = resources();
    expect(first.map((name) => name.replace(/-results-.*/, '-results'))).toEqual([
      '/aws/lambda/pixgate-resizer',
      'pixgate-AlarmTopic',
      'pixgate-Resizer',
      'pixgate-ResizerRole',
      'pixgate-results',
    ]);
    python(CREATE, 'second');
    const second = resources().filter((name) => !first.includes(name));
    expect(second).toHaveLength(first.length);
    const bucket = second.find((name) => name.startsWith('second-results-')) ?? '';
    await put(bucket, 'pixgate/an-image', 'bytes');
    const args = ['delete', '--no-prompts', '--stack-name', 'second', '--region', 'us-east-1'];
    const { stdout } = await promisify(execFile)(SAM ?? '', args, { cwd: home, env: env() });
    expect(stdout).toContain('Deleted successfully');
    expect(resources()).toEqual([...first, bucket].sort());
    expect((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(1);
  });
});
