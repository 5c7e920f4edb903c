import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/work/**/*.test.ts'],
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    // A case ends by its own time limit; this one is for a machine that is very busy.
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
