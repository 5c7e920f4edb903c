/** The functions of the template: their log groups, environment and permissions. */
import { describe, expect, test } from 'vitest';
import configSchema from '../../schemas/config.json' with { type: 'json' };
import { loadConfig } from '../../src/config.ts';
import type { Stack } from '../template-resolve.ts';
import { PYTHON } from '../template-sam.ts';
import { EVENT_SOURCES, environment, lambdaFunctions, REST_ONLY, resourcesOfType, stack } from '../template-stack.ts';

/** Environment variables of the functions that are not settings of pixgate. */
const OTHERS = ['UV_THREADPOOL_SIZE'];

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const statements = (made: Stack, role: string) =>
  (
    (made.resources[role]?.Properties.Policies ?? []) as unknown as { PolicyDocument: { Statement: Statement[] } }[]
  ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

describe.skipIf(!PYTHON)('logs of the template', () => {
  test('each function has its own log group, with a name other than Lambda’s default, and the chosen retention', () => {
    const made = stack({ ...EVENT_SOURCES, LogRetentionDays: '90', AccessLog: 'on', 'AWS::Region': 'us-east-1' });
    for (const name of ['Resizer', 'Streamer', 'Authorizer']) {
      expect(lambdaFunctions(made)[name]?.LoggingConfig).toEqual({ LogGroup: `<${name}Logs>`, LogFormat: 'Text' });
      const group = `/aws/lambda/pictures-${name.toLowerCase()}`;
      expect(made.resources[`${name}Logs`]?.Properties.LogGroupName).toBe(group);
    }
    const groups = resourcesOfType(made, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(5);
    for (const [name, { RetentionInDays }] of groups) expect(RetentionInDays, name).toBe('90');
    expect(resourcesOfType(stack(REST_ONLY), 'AWS::Logs::LogGroup').map(([name]) => name)).toEqual(['ResizerLogs']);
  });

  test('the access log of API Gateway exists for every API or for none, and omits the query', () => {
    const stages = (overrides: object) => {
      const made = stack({ ...EVENT_SOURCES, ...overrides });
      return [...resourcesOfType(made, 'AWS::ApiGateway::Stage'), ...resourcesOfType(made, 'AWS::ApiGatewayV2::Stage')];
    };
    expect(stages({})).toHaveLength(4);
    for (const [name, stage] of stages({})) expect(JSON.stringify(stage), name).not.toContain('AccessLog');
    for (const [name, stage] of stages({ AccessLog: 'on' })) {
      const { DestinationArn, Format } = (stage.AccessLogSetting ?? stage.AccessLogSettings) as never;
      expect(DestinationArn, name).toBe('<AccessLogs.Arn>');
      expect(Object.keys(JSON.parse(Format))).toEqual(['requestId', 'method', 'path', 'status', 'bytes', 'ms']);
      expect(Format, name).not.toMatch(/query|header|authorizer|requestOverride/i);
    }
  });

  test('CloudFront’s log exists where it can be created, and contains only the path of the request', () => {
    const on = { Cdn: 'on', AccessLog: 'on' };
    const parts = (overrides: Record<string, string>) =>
      resourcesOfType(stack(overrides), 'AWS::Logs::Delivery').length;
    expect(parts({ ...on, 'AWS::Region': 'us-east-1' })).toBe(1);
    for (const overrides of [on, { ...on, AccessLog: 'off', 'AWS::Region': 'us-east-1' }])
      expect(parts(overrides)).toBe(0);
    const { resources } = stack({ ...on, 'AWS::Region': 'us-east-1' });
    const { RecordFields, DeliverySourceName } = (resources.CdnLogDelivery?.Properties ?? {}) as Record<
      string,
      string[]
    >;
    expect(DeliverySourceName).toBe('<CdnLogSource>');
    expect(RecordFields).toEqual(expect.arrayContaining(['sc-status', 'time-taken', 'x-edge-result-type']));
    expect(String(RecordFields)).not.toMatch(/query|cookie|referer|user-agent|c-ip|forwarded/i);
    expect(resources.CdnLogSource?.Properties).toMatchObject({
      LogType: 'ACCESS_LOGS',
      ResourceArn: 'arn:aws:cloudfront::123456789012:distribution/<Distribution>',
    });
    expect(JSON.stringify(resources.Distribution)).not.toContain('Logging');
  });
});

describe.skipIf(!PYTHON)('functions of the template', () => {
  test('those that render images have one environment, which is a valid configuration', () => {
    const made = stack({
      ...EVENT_SOURCES,
      PresetsOnly: 'on',
      Presets: 'thumb=w=200&h=200;hero=w=1600',
      OwnHosts: 'a.example',
    });
    const { STREAMING_URL, ...resizer } = environment(made);
    expect(STREAMING_URL).toBe('https://<Distribution.DomainName>/');
    const { VIEWER_HOST_HEADER, EDGE_KEYS, ...streamer } = environment(made, 'Streamer');
    expect(streamer).toEqual(resizer);
    expect([VIEWER_HOST_HEADER, EDGE_KEYS]).toEqual(['x-pixgate-host', 'off']);
    expect(environment(stack({ EdgeKeys: 'on' }), 'Streamer').EDGE_KEYS).toBe('on');
    expect(environment(stack({ Cdn: 'off', StreamingApi: 'on' }), 'Streamer').VIEWER_HOST_HEADER).toBe('');
    expect(loadConfig(environment(made, 'Streamer'))).toMatchObject({ viewerHostHeader: 'x-pixgate-host' });
    expect(loadConfig(resizer)).toMatchObject({
      presetsOnly: 'on',
      presets: { thumb: 'w=200&h=200', hero: 'w=1600' },
      ownHosts: ['a.example'],
    });
    expect(loadConfig(environment(stack({ Public: 'on', ApiKeys: '' })))).toMatchObject({
      allowAnonymous: 'on',
      apiKeys: [],
    });
    const isKnown = (name: string) => name in configSchema.properties || OTHERS.includes(name) || /^MALLOC_/.test(name);
    for (const name of Object.keys(environment(made))) expect(isKnown(name), name).toBe(true);
  });

  test('their log and metrics are configured', () => {
    const names = { METRICS_NAMESPACE: 'pixgate', SERVICE_NAME: 'pictures' };
    expect(environment(stack())).toMatchObject({ ...names, LOG_LEVEL: 'info' });
    expect(environment(stack({ LogLevel: 'debug' })).LOG_LEVEL).toBe('debug');
    expect(() => stack({ LogLevel: 'loud' })).toThrow('LogLevel');
    // Eight workers, the default of a vCPU on Lambda Managed Instances, hold a thread each.
    expect(Number(environment(stack()).UV_THREADPOOL_SIZE)).toBeGreaterThanOrEqual(8 + 4);
    // The second setting without the first takes more memory than neither.
    expect(environment(stack())).toMatchObject({ MALLOC_ARENA_MAX: 1, MALLOC_MMAP_MAX_: 0 });
  });

  test('the authorizer has the keys and hosts of the image function, and no limit of its own', () => {
    const made = stack({ ...EVENT_SOURCES, ReservedConcurrency: '20', OwnHosts: 'img.example.com' });
    const { Authorizer } = lambdaFunctions(made);
    expect(Authorizer).toMatchObject({ Handler: 'authorizer.handler', MemorySize: 256, Timeout: 5 });
    expect(Authorizer).not.toHaveProperty('ReservedConcurrentExecutions');
    const { API_KEYS, OWN_HOSTS } = environment(made);
    expect(Authorizer).toMatchObject({ Environment: { Variables: { API_KEYS, OWN_HOSTS } } });
    // A result for the id of a key would be valid for requests that are not signed.
    expect(JSON.stringify(made.resources.MeteredApi)).toContain('"authorizerResultTtlInSeconds":0');
  });

  test('concurrency is reserved on demand only, and never zero, which would stop all requests', () => {
    const reserved = (ReservedConcurrency: string) => {
      const { Resizer, Streamer } = lambdaFunctions(stack({ ...EVENT_SOURCES, ReservedConcurrency }));
      return [Resizer?.ReservedConcurrentExecutions, Streamer?.ReservedConcurrentExecutions];
    };
    expect(reserved('20')).toEqual(['20', '20']);
    for (const none of ['', '0']) expect(reserved(none)).toEqual([undefined, undefined]);
    for (const wrong of ['00', '-1', '0.0', ' ', 'many']) expect(() => reserved(wrong)).toThrow();
  });

  test('functions and REST APIs are traced if tracing is on, and may write traces only then', () => {
    for (const [Tracing, mode] of Object.entries({ on: 'Active', off: 'PassThrough' })) {
      const made = stack({ ...EVENT_SOURCES, Tracing });
      for (const [name, { TracingConfig }] of resourcesOfType(made, 'AWS::Lambda::Function'))
        expect(TracingConfig, name).toEqual({ Mode: mode });
      for (const [name, { TracingEnabled }] of resourcesOfType(made, 'AWS::ApiGateway::Stage'))
        expect(TracingEnabled, name).toBe(Tracing === 'on');
      for (const role of ['ResizerRole', 'AuthorizerRole'])
        expect(JSON.stringify(statements(made, role)).includes('xray:'), role).toBe(Tracing === 'on');
    }
  });
});

describe.skipIf(!PYTHON)('permissions of the template', () => {
  test('each permission of a function is for one resource; only traces have none', () => {
    const made = stack({ ...EVENT_SOURCES, SourceBuckets: 'photos,scans', ResultBucket: 'on', Tracing: 'on' });
    const rights = (role: string) =>
      statements(made, role).flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
      );
    const traces = ['xray:PutTraceSegments *', 'xray:PutTelemetryRecords *'];
    expect(rights('ResizerRole').sort()).toEqual(
      [
        ...traces,
        'logs:CreateLogStream <ResizerLogs.Arn>',
        'logs:CreateLogStream <StreamerLogs.Arn>',
        'logs:PutLogEvents <ResizerLogs.Arn>',
        'logs:PutLogEvents <StreamerLogs.Arn>',
        's3:GetObject <Results.Arn>/pixgate/*',
        's3:PutObject <Results.Arn>/pixgate/*',
        's3:ListBucket <Results.Arn>',
        's3:GetObject arn:aws:s3:::photos/*',
        's3:GetObjectVersion arn:aws:s3:::photos/*',
        's3:GetObject arn:aws:s3:::scans/*',
        's3:GetObjectVersion arn:aws:s3:::scans/*',
        's3:ListBucket arn:aws:s3:::photos',
        's3:ListBucket arn:aws:s3:::scans',
      ].sort(),
    );
    expect(rights('AuthorizerRole').sort()).toEqual(
      [...traces, 'logs:CreateLogStream <AuthorizerLogs.Arn>', 'logs:PutLogEvents <AuthorizerLogs.Arn>'].sort(),
    );
    const plain = stack();
    expect(statements(plain, 'ResizerRole')).toHaveLength(1);
  });

  test('keys in SSM or Secrets Manager may be read, and no others', () => {
    const only = (overrides: Record<string, string>) => {
      const made = stack({ ApiKeys: '', UsagePlan: 'on', ...overrides });
      const [image, authorizer] = ['ResizerRole', 'AuthorizerRole'].map((role) => statements(made, role).slice(1));
      expect(authorizer).toEqual(image);
      return image;
    };
    const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys';
    expect(only({ KeysParameter: '/pixgate/keys' })).toMatchObject([
      { Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:eu-west-1:123456789012:parameter/pixgate/keys' },
    ]);
    expect(only({ KeysSecret: secret })).toMatchObject([{ Action: 'secretsmanager:GetSecretValue', Resource: secret }]);
  });

  test('headers for origins in SSM or Secrets Manager may be read by the image functions only', () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:headers';
    const of = (overrides: Record<string, string>) => {
      const made = stack({ UsagePlan: 'on', ...overrides });
      expect(statements(made, 'AuthorizerRole')).toHaveLength(1);
      return [statements(made, 'ResizerRole').slice(1), environment(made)];
    };
    expect(of({ SourceHeadersParameter: '/pixgate/headers' })).toMatchObject([
      [{ Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:eu-west-1:123456789012:parameter/pixgate/headers' }],
      { SOURCE_HEADERS_SSM: '/pixgate/headers' },
    ]);
    expect(of({ SourceHeadersSecret: secret })).toMatchObject([
      [{ Action: 'secretsmanager:GetSecretValue', Resource: secret }],
      { SOURCE_HEADERS_SECRET: secret },
    ]);
  });

  test('marks are a parameter, or in SSM, which the image functions only may read', () => {
    const marks = '{"logo": {"source": "data:,x"}}';
    expect(environment(stack({ Marks: marks }))).toMatchObject({ MARKS: marks });
    const made = stack({ UsagePlan: 'on', MarksParameter: '/pixgate/marks' });
    expect(environment(made)).toMatchObject({ MARKS_SSM: '/pixgate/marks' });
    expect(statements(made, 'AuthorizerRole')).toHaveLength(1);
    expect(statements(made, 'ResizerRole').slice(1)).toMatchObject([
      { Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:eu-west-1:123456789012:parameter/pixgate/marks' },
    ]);
  });

  test('there are no other roles, and none has an AWS managed policy', () => {
    const roles = resourcesOfType(
      stack({ ...EVENT_SOURCES, Tracing: 'on', AlarmEmail: 'a@b.example', Dashboard: 'on' }),
      'AWS::IAM::Role',
    );
    expect(roles.map(([name]) => name).sort()).toEqual(['AuthorizerRole', 'ResizerRole']);
    expect(JSON.stringify(roles)).not.toContain('ManagedPolicyArns');
  });
});
