/** Runs the pure tests alone, in a few seconds: `npm run test:unit`. */
import { defineConfig } from 'vitest/config';
import { pureTests } from './pure-tests.ts';
import everything from './vitest.config.ts';

export default defineConfig({
  test: {
    ...everything.test,
    include: pureTests(),
    setupFiles: ['test/no-sockets.ts', 'test/no-secrets.ts'],
    testTimeout: 5_000,
    // They share no state: one process for all of them takes 4 s, one for each of them 10 s.
    isolate: false,
  },
});
