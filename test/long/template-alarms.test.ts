/** The alarms of the template: their metrics, and their thresholds. */
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { ALARM_METRICS } from '../../src/build/deployment-plan.ts';
import { ERRORS } from '../../src/errors.ts';
import { KEY_REFRESH_METRIC } from '../../src/middlewares/metrics.ts';
import type { Stack } from '../template-resolve.ts';
import { PYTHON } from '../template-sam.ts';
import {
  BATCH,
  EVENT_SOURCES,
  environment,
  LAMBDA_METRICS,
  METRICS,
  resourcesOfType,
  stack,
} from '../template-stack.ts';

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}
interface Alarm {
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly Metrics: readonly MetricQuery[];
}
const alarms = (made: Stack) =>
  Object.fromEntries(resourcesOfType(made, 'AWS::CloudWatch::Alarm')) as unknown as Record<string, Alarm>;

describe.skipIf(!PYTHON)('alarms of the template', () => {
  const ON = { AlarmEmail: 'ops@example.com' };
  const NAMES = ['FailureAlarm', 'SlowAlarm', 'SourceAlarm', 'ThrottleAlarm'];

  test('there are none without an e-mail address; with one, all notify it of both alarm and recovery', () => {
    expect(JSON.stringify(stack().resources)).not.toMatch(/AWS::SNS|AWS::CloudWatch/);
    const made = stack(ON);
    expect(Object.keys(alarms(made)).sort()).toEqual(NAMES);
    expect(made.resources.AlarmTopic?.Properties).toEqual({
      Subscription: [{ Protocol: 'email', Endpoint: 'ops@example.com' }],
    });
    for (const [name, alarm] of Object.entries(alarms(made))) {
      expect(alarm, name).toMatchObject({
        AlarmActions: ['<AlarmTopic>'],
        OKActions: ['<AlarmTopic>'],
        TreatMissingData: 'notBreaching',
      });
      expect(alarm.AlarmDescription, name).toContain('Look first at');
      for (const [, code = ''] of alarm.AlarmDescription.matchAll(/code ([A-Z_]+)/g))
        expect(ERRORS).toHaveProperty(code);
    }
    expect(() => stack({ AlarmEmail: 'nobody' })).toThrow('AlarmEmail');
  });

  test('a default deployment is billed for as many metrics as the plan and Operations say', () => {
    const made = alarms(stack({ ...ON, ApiKeys: '', KeysParameter: '/pixgate/keys' }));
    const billed = Object.values(made).flatMap<unknown>(({ Metrics, ...alarm }) =>
      Metrics ? Metrics.filter(({ MetricStat }) => MetricStat) : [alarm],
    );
    expect([Object.keys(made).length, billed.length]).toEqual([5, ALARM_METRICS]);
    const page = readFileSync(new URL('../../src/docs/operate.md', import.meta.url), 'utf8');
    expect(page).toContain(
      `the five alarms of a default deployment have ${ALARM_METRICS}, so $${(ALARM_METRICS / 10).toFixed(2)} a month`,
    );
  });

  test.each([[ON], [{ ...ON, ...EVENT_SOURCES }], [{ ...ON, ...BATCH }]])(
    'each returns one value, computed from existing metrics: %j',
    (overrides) => {
      const made = stack(overrides);
      for (const [name, { Metrics }] of Object.entries(alarms(made))) {
        expect(Metrics.filter(({ ReturnData }) => ReturnData !== false)).toHaveLength(1);
        const ids = Metrics.map(({ Id }) => Id);
        for (const { Expression = '' } of Metrics)
          for (const id of Expression.match(/\b[a-z]\w*/g) ?? []) expect(ids, `${name}: ${Expression}`).toContain(id);
        for (const { MetricStat } of Metrics) {
          if (!MetricStat) continue;
          const { Namespace, MetricName, Dimensions } = MetricStat.Metric;
          const isFunctionMetric = Namespace === environment(made).METRICS_NAMESPACE;
          if (Namespace === 'AWS/SQS') {
            expect(MetricName).toBe('ApproximateNumberOfMessagesVisible');
            expect(Dimensions).toEqual([{ Name: 'QueueName', Value: '<BatchDeadLetters.QueueName>' }]);
            continue;
          }
          expect(isFunctionMetric ? [...METRICS, KEY_REFRESH_METRIC] : LAMBDA_METRICS, name).toContain(MetricName);
          expect(Namespace, name).toBe(isFunctionMetric ? 'pixgate' : 'AWS/Lambda');
          if (isFunctionMetric)
            expect(Dimensions).toEqual([{ Name: 'service', Value: environment(made).SERVICE_NAME }]);
          else
            expect(Dimensions).toEqual([{ Name: 'FunctionName', Value: expect.stringMatching(/<(Resiz|Stream)er>/) }]);
        }
      }
    },
  );

  /** Tells whether an alarm's value reaches its threshold in five minutes with these metrics, by name or by `function name`. */
  function isAlarm(name: string, values: Readonly<Record<string, number>>, overrides = {}): boolean {
    const alarm = alarms(stack({ ...ON, ...overrides }))[name] as Alarm;
    const known: Record<string, unknown> = {
      IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
      SUM: (all: (number | undefined)[]) => all.reduce((sum: number, one) => sum + (one ?? 0), 0),
    };
    for (const { Id, MetricStat } of alarm.Metrics) {
      if (!MetricStat) continue;
      const { MetricName, Dimensions } = MetricStat.Metric;
      known[Id] = values[MetricName] ?? values[`${Dimensions[0]?.Value} ${MetricName}`];
    }
    const expressions = alarm.Metrics.filter(({ Expression }) => Expression).reverse();
    let last = Number(Object.values(known).at(-1));
    for (const { Id, Expression } of expressions) last = known[Id] = vm.runInNewContext(Expression ?? '', known);
    return last >= alarm.Threshold;
  }

  test('failures: server errors and errors of Lambda, by their share', () => {
    const lambda = (requests: number, died: number) => ({
      '<Resizer> Invocations': requests,
      '<Resizer> Errors': died,
    });
    expect(isAlarm('FailureAlarm', { ...lambda(100, 0), ServerErrors: 4 })).toBe(false);
    expect(isAlarm('FailureAlarm', { ...lambda(100, 0), ServerErrors: 5 })).toBe(true);
    expect(isAlarm('FailureAlarm', { ...lambda(1, 0), ServerErrors: 1 })).toBe(false);
    // A function that does not start emits no metrics itself.
    expect(isAlarm('FailureAlarm', lambda(100, 100))).toBe(true);
    const other = { '<Streamer> Invocations': 100, '<Streamer> Errors': 10 };
    expect(isAlarm('FailureAlarm', { ...lambda(10, 0), ...other }, EVENT_SOURCES)).toBe(true);
    expect(isAlarm('FailureAlarm', { ...lambda(1000, 0), ...other }, EVENT_SOURCES)).toBe(false);
  });

  test('sources: by their share', () => {
    expect(isAlarm('SourceAlarm', { Requests: 100, SourceFailures: 24 })).toBe(false);
    expect(isAlarm('SourceAlarm', { Requests: 100, SourceFailures: 25 })).toBe(true);
    expect(isAlarm('SourceAlarm', { Requests: 19, SourceFailures: 19 })).toBe(false);
  });

  test('slowness: in proportion to the chosen timeout', () => {
    const p99 = (Duration: number, Timeout: string) => isAlarm('SlowAlarm', { Requests: 50, Duration }, { Timeout });
    expect([p99(9000, '28'), p99(22_500, '28'), p99(9000, '10')]).toEqual([false, true, true]);
    expect(isAlarm('SlowAlarm', { Requests: 2, Duration: 27_000 })).toBe(false);
    const [query] = alarms(stack(ON)).SlowAlarm?.Metrics.filter(({ Id }) => Id === 'slowest') ?? [];
    expect(query?.MetricStat).toMatchObject({ Stat: 'p99' });
  });

  test('throttles: of both functions together', () => {
    expect(isAlarm('ThrottleAlarm', { '<Resizer> Throttles': 9 })).toBe(false);
    expect(isAlarm('ThrottleAlarm', { '<Resizer> Throttles': 5, '<Streamer> Throttles': 5 }, EVENT_SOURCES)).toBe(true);
  });

  test('keys: a refresh that fails for half an hour, where keys are refreshed', () => {
    for (const overrides of [{ ApiKeys: '' }, { ApiKeys: '', KeysParameter: '/pixgate/keys' }])
      expect(alarms(stack({ ...ON, ...overrides })).KeyAlarm).toMatchObject({
        DatapointsToAlarm: 3,
        EvaluationPeriods: 4,
      });
    expect(alarms(stack(ON))).not.toHaveProperty('KeyAlarm');
    expect(isAlarm('KeyAlarm', { KeyRefreshFailures: 0 }, { ApiKeys: '' })).toBe(false);
    expect(isAlarm('KeyAlarm', { KeyRefreshFailures: 1 }, { ApiKeys: '' })).toBe(true);
  });

  test('batch: one message in the dead-letter queue', () => {
    expect(alarms(stack(BATCH))).not.toHaveProperty('BatchAlarm');
    expect(isAlarm('BatchAlarm', { ApproximateNumberOfMessagesVisible: 0 }, BATCH)).toBe(false);
    expect(isAlarm('BatchAlarm', { ApproximateNumberOfMessagesVisible: 1 }, BATCH)).toBe(true);
  });

  test('the documentation has their price: each metric is billed', () => {
    const metrics = Object.values(alarms(stack({ ...ON, ApiKeys: '' }))).flatMap(({ Metrics }) =>
      Metrics.filter(({ MetricStat }) => MetricStat),
    );
    const page = readFileSync(new URL('../../src/docs/operate.md', import.meta.url), 'utf8');
    expect(page).toContain(`have ${metrics.length}, so $${(metrics.length * 0.1).toFixed(2)} a month`);
  });
});
