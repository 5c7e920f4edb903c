import { expect, test } from 'vitest';
import { functionMemory } from '../../src/lambda/start.ts';

const MB = 1_048_576;
test.each([
  ['outside of Lambda', {}, undefined],
  ['a function', { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769' }, 1769 * MB],
  ['Managed Instances', { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '4096', AWS_LAMBDA_MAX_CONCURRENCY: '64' }, 256 * MB],
  [
    'Managed Instances with two workers',
    { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '4096', AWS_LAMBDA_MAX_CONCURRENCY: '64', AWS_LAMBDA_NODEJS_WORKER_COUNT: '2' },
    2048 * MB,
  ],
])('%s', (_, env, bytes) => expect(functionMemory(env, 2)).toBe(bytes));
