/** A registry that can no longer be read: the last valid keys stay, and each failure is one line with a metric. */
import { expect, test, vi } from 'vitest';
import { createRegistry } from '../../src/keys/store.ts';
import { KEY_REFRESH_METRIC, keyRefreshMetric } from '../../src/middlewares/metrics.ts';

const METRICS = { metricsNamespace: 'pixgate', serviceName: 'images' };

test('a failed refresh is counted, with the dimension of the alarm', async () => {
  const lines: string[] = [];
  let text = 'acme:secret';
  const failureFields = () => keyRefreshMetric(METRICS, 1_800_000_000_000);
  const keys = await createRegistry(async () => text, { refresh: 0, log: (line) => lines.push(line), failureFields });
  text = 'acme';
  await new Promise((done) => setTimeout(done, 5));
  expect(keys()).toMatchObject([{ id: 'acme' }]);
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 10_000 });
  expect(keys()).toMatchObject([{ id: 'acme' }]);
  const line = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({
    level: 'ERROR',
    message: 'keys-not-refreshed',
    service: 'images',
    [KEY_REFRESH_METRIC]: 1,
  });
  expect(line._aws).toEqual({
    Timestamp: 1_800_000_000_000,
    CloudWatchMetrics: [
      { Namespace: 'pixgate', Dimensions: [['service']], Metrics: [{ Name: KEY_REFRESH_METRIC, Unit: 'Count' }] },
    ],
  });
});

test('without a namespace there is no metric', () =>
  expect(keyRefreshMetric({ serviceName: 'images' }, 0)).toEqual({}));
