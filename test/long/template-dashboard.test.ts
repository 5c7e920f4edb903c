/** The dashboard of the template. */
import { describe, expect, test } from 'vitest';
import { context, events, KEY, testHandler } from '../requests.ts';
import { PYTHON } from '../template-sam.ts';
import {
  EVENT_SOURCES,
  environment,
  LAMBDA_METRICS,
  METRICS,
  REST_ONLY,
  resourcesOfType,
  stack,
} from '../template-stack.ts';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly region: string;
    readonly metrics?: readonly (readonly (string | { readonly id?: string; readonly expression?: string })[])[];
    readonly query?: string;
  };
}
describe.skipIf(!PYTHON)('dashboard of the template', () => {
  const widgets = (overrides = {}) => {
    const made = stack({ Dashboard: 'on', ...overrides });
    const body = made.resources.Board?.Properties.DashboardBody as string;
    return { made, all: JSON.parse(body).widgets as Widget[] };
  };

  test('it is created on demand, with its URL as an output', () => {
    expect(resourcesOfType(stack(), 'AWS::CloudWatch::Dashboard')).toHaveLength(0);
    expect(stack().outputs).not.toHaveProperty('DashboardUrl');
    expect(widgets().made.outputs.DashboardUrl).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/<Board>',
    );
  });

  test.each([[REST_ONLY], [EVENT_SOURCES]])(
    'its widgets show existing metrics of this region, and do not overlap: %j',
    (overrides) => {
      const { made, all } = widgets({ ...overrides, 'AWS::Region': 'eu-north-1' });
      const shown = new Set<string>();
      const functionNames = new Set<string>();
      for (const { properties } of all) {
        expect(properties.region).toBe('eu-north-1');
        const lines = properties.metrics ?? [];
        const ids = lines.flatMap((line) => line.flatMap((one) => (typeof one === 'object' && one.id) || []));
        for (const [first, name = '', dimension, value] of lines) {
          if (typeof first === 'object') {
            for (const id of first.expression?.match(/\b[a-z]\w*/g) ?? []) expect(ids).toContain(id);
            continue;
          }
          const isFunctionMetric = first === environment(made).METRICS_NAMESPACE;
          expect(isFunctionMetric ? METRICS : LAMBDA_METRICS).toContain(name);
          expect([first, dimension]).toEqual(
            isFunctionMetric ? ['pixgate', 'service'] : ['AWS/Lambda', 'FunctionName'],
          );
          if (isFunctionMetric) expect(value).toBe(environment(made).SERVICE_NAME);
          else functionNames.add(String(value));
          shown.add(String(name));
        }
      }
      expect([...shown].sort()).toEqual([...METRICS, 'ConcurrentExecutions', 'Errors', 'Throttles'].sort());
      expect([...functionNames]).toEqual(overrides === EVENT_SOURCES ? ['<Resizer>', '<Streamer>'] : ['<Resizer>']);
      const cells = all.flatMap(({ x, y, width, height }) =>
        Array.from({ length: width * height }, (_, i) => `${x + (i % width)} ${y + Math.floor(i / width)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(cells.some((cell) => Number(cell.split(' ')[0]) >= 24)).toBe(false);
    },
  );

  test('KeyUsage adds a saved query and a table, of existing log fields', async () => {
    const off = stack({ Dashboard: 'on', ...REST_ONLY });
    expect(resourcesOfType(off, 'AWS::Logs::QueryDefinition')).toEqual([]);
    expect(environment(off).KEY_USAGE).toBe('off');
    const lines: string[] = [];
    const unreachable = { k: KEY, u: 'http://127.0.0.1:1/x.jpg', w: 10 };
    await testHandler({ KEY_USAGE: 'on' }, (line) => lines.push(line))(events.rest(unreachable), context());
    // An image that was rendered has the status of the cache, and what was fetched for it.
    const fields = [...Object.keys(JSON.parse(lines[0] ?? '{}')), 'cache', 'day', 'requests'];
    for (const [overrides, groups] of [
      [REST_ONLY, ['<ResizerLogs>']],
      [EVENT_SOURCES, ['<ResizerLogs>', '<StreamerLogs>']],
    ] as const) {
      const { made, all } = widgets({ ...overrides, KeyUsage: 'on' });
      expect(environment(made).KEY_USAGE).toBe('on');
      const [[, saved] = []] = resourcesOfType(made, 'AWS::Logs::QueryDefinition');
      expect(saved).toMatchObject({ Name: 'pictures/usage by key and day', LogGroupNames: groups });
      const [table = ''] = all.flatMap(({ properties }) => properties.query?.match(/.*cpuSeconds.*/) ?? []);
      expect(table).toContain(groups.map((group) => `SOURCE '${group}'`).join(' | '));
      for (const query of [String(saved?.QueryString), table]) {
        expect(query).toMatch(/\| limit \d+$/);
        const used = query
          .replace(/SOURCE '[^']*'|'[^']*'|as \w+/g, '')
          .match(/(?<=[(,] ?|by |sort )[a-zA-Z]\w+(?=[), ])/g);
        expect(used?.length).toBeGreaterThan(6);
        for (const field of used ?? []) if (!/^(?:strcontains|bin)$/.test(field)) expect(fields).toContain(field);
      }
    }
  });

  test('the query for the last failures uses existing log fields', async () => {
    const queries = (overrides: object = REST_ONLY) =>
      widgets(overrides).all.flatMap(({ properties }) => properties.query ?? []);
    const [query = ''] = queries();
    expect(query).toMatch(/^SOURCE '<ResizerLogs>' \| fields .* \| filter status >= 500 \| sort @timestamp desc/);
    expect(queries(EVENT_SOURCES)).toEqual([
      expect.stringMatching(/^SOURCE '<ResizerLogs>' \| SOURCE '<StreamerLogs>' \| f/),
    ]);
    const lines: string[] = [];
    const unreachable = { k: KEY, u: 'http://127.0.0.1:1/x.jpg', w: 10 };
    await testHandler({}, (line) => lines.push(line))(events.rest(unreachable), context());
    const line = JSON.parse(lines[0] ?? '{}');
    expect(line.status).toBe(502);
    for (const field of /fields ([^|]+) \|/.exec(query)?.[1]?.split(', ') ?? [])
      if (field !== '@timestamp') expect(line).toHaveProperty(field.trim());
  });
});
