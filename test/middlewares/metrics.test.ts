import { expect, test } from 'vitest';
import { KEY_REFRESH_METRIC, keyRefreshMetric } from '../../src/middlewares/metrics.ts';

test('a failed refresh of the keys is a metric', () =>
  expect(keyRefreshMetric({ metricsNamespace: 'pixgate', serviceName: 'images' }, 1_800_000_000_000)).toEqual({
    _aws: {
      Timestamp: 1_800_000_000_000,
      CloudWatchMetrics: [
        { Namespace: 'pixgate', Dimensions: [['service']], Metrics: [{ Name: KEY_REFRESH_METRIC, Unit: 'Count' }] },
      ],
    },
    service: 'images',
    [KEY_REFRESH_METRIC]: 1,
  }));

test('without a namespace there are no metrics', () =>
  expect(keyRefreshMetric({ serviceName: 'images' }, 0)).toEqual({}));
