/** The queue and the function of Batch=on: limits, permissions and environment. */
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { planSettings } from '../../src/lambda/batch-plan.ts';
import type { Stack } from '../template-resolve.ts';
import { PYTHON } from '../template-sam.ts';
import { BATCH, EVENT_SOURCES, environment, lambdaFunctions, REST_ONLY, stack } from '../template-stack.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

describe.skipIf(!PYTHON)('Batch=on', () => {
  const properties = (name: string, made: Stack = stack(BATCH)) => made.resources[name]?.Properties ?? {};
  const rights = (made: Stack, role: string) => {
    const policies = properties(role, made).Policies as unknown as { PolicyDocument: { Statement: Statement[] } }[];
    return policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
      );
  };

  test('nothing of it exists without', () =>
    expect(JSON.stringify(stack({ ResultBucket: 'on', SourceBuckets: 'photos' }))).not.toMatch(
      /Batch|AWS::SQS|AWS::Events/,
    ));

  test('the queue: failed messages come back five times, after every invocation that may hold them has ended', () => {
    const { Timeout, Handler } = lambdaFunctions(stack(BATCH)).BatchFunction ?? {};
    expect(Handler).toBe('batch.handler');
    const queue = properties('BatchQueue');
    expect(queue.VisibilityTimeout).toBe(6 * Number(Timeout));
    expect(queue.RedrivePolicy).toEqual({ deadLetterTargetArn: '<BatchDeadLetters.Arn>', maxReceiveCount: 5 });
    for (const name of ['BatchQueue', 'BatchDeadLetters']) expect(properties(name).SqsManagedSseEnabled).toBe(true);
    // The longest that SQS allows.
    expect(properties('BatchDeadLetters').MessageRetentionPeriod).toBe(1_209_600);
  });

  test('its instances are limited, and it reports single messages', () => {
    expect(properties('BatchMapping', stack({ ...BATCH, BatchConcurrency: '20' }))).toMatchObject({
      EventSourceArn: '<BatchQueue.Arn>',
      FunctionName: '<BatchFunction.Arn>',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: '20' },
    });
  });

  test('new objects of the source buckets are sent to the queue, by that rule only', () => {
    const made = stack({ ...BATCH, SourceBuckets: 'photos,scans' });
    expect(properties('BatchRule', made)).toEqual({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['photos', 'scans'] } },
      },
      Targets: [{ Id: 'queue', Arn: '<BatchQueue.Arn>' }],
    });
    const { PolicyDocument } = properties('BatchQueuePolicy', made) as unknown as {
      PolicyDocument: { Statement: object[] };
    };
    expect(PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '<BatchQueue.Arn>',
        Condition: { ArnEquals: { 'aws:SourceArn': '<BatchRule.Arn>' } },
      },
    ]);
    expect(stack(BATCH).resources).not.toHaveProperty('BatchRule');
  });

  test('it has the environment of the image functions, so that its keys are theirs, and the limits of their responses', () => {
    const env = (overrides: Record<string, string>) => environment(stack({ ...BATCH, ...overrides }), 'BatchFunction');
    const made = stack({ ...BATCH, ...EVENT_SOURCES, BatchPresets: 'thumb@2x' });
    const { BATCH_PRESETS, BATCH_RESPONSES, ...shared } = environment(made, 'BatchFunction');
    const { STREAMING_URL: _, ...resizer } = environment(made);
    expect(shared).toEqual(resizer);
    expect([BATCH_PRESETS, BATCH_RESPONSES]).toEqual(['thumb@2x', 'both']);
    expect(env({}).BATCH_RESPONSES).toBe('streamed');
    expect(env({ Cdn: 'off', StreamingApi: 'on' }).BATCH_RESPONSES).toBe('streamed');
    for (const api of [REST_ONLY, { Cdn: 'off', HttpApi: 'on' }, { Cdn: 'off', UsagePlan: 'on' }])
      expect(env(api).BATCH_RESPONSES).toBe('buffered');
    expect(planSettings(loadConfig({ ...environment(made, 'BatchFunction'), RESULT_BUCKET: 'results' }))).toMatchObject(
      { presets: ['thumb@2x'] },
    );
  });

  test('its permissions: those of the image functions, the queue, and not the keys', () => {
    const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`;
    for (const overrides of [
      {},
      { Tracing: 'on', SourceBuckets: 'photos,scans', VpcSubnetIds: 'subnet-0a', SecurityGroupIds: 'sg-0a' },
      {
        SourceHeadersParameter: '/headers',
        MarksParameter: '/marks',
        SourceKmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/0a1b',
      },
      { SourceHeadersSecret: secret('headers') },
    ]) {
      const made = stack({ ...BATCH, ...REST_ONLY, ...overrides });
      const queue = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
        (right) => `sqs:${right} <BatchQueue.Arn>`,
      );
      const images = rights(made, 'ResizerRole').map((right) => right.replace('ResizerLogs', 'BatchLogs'));
      expect(rights(made, 'BatchRole').sort()).toEqual([...images, ...queue].sort());
    }
    for (const keys of [
      { ApiKeys: '', KeysParameter: '/keys' },
      { ApiKeys: '', KeysSecret: secret('keys') },
      { ApiKeys: '' },
    ])
      expect(rights(stack({ ...BATCH, ...keys }), 'BatchRole')).toEqual(rights(stack(BATCH), 'BatchRole'));
  });

  test('its outputs are what the command line and other services need', () =>
    expect(stack(BATCH).outputs).toMatchObject({
      BatchQueueUrl: '<BatchQueue>',
      BatchDeadLettersArn: '<BatchDeadLetters.Arn>',
      BatchFunctionArn: '<BatchFunction.Arn>',
    }));
});
