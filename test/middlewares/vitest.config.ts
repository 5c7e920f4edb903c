/** The tests of the middlewares alone, which must reach every branch of them: `npm run test:coverage`. Stryker runs them too. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/middlewares/*.test.ts'],
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    coverage: {
      include: ['src/middlewares/**'],
      // Types only.
      exclude: ['src/middlewares/options.ts', 'src/middlewares/query-types.ts'],
      reporter: ['text'],
      thresholds: { 100: true },
    },
  },
});
