import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/browser/**/*.test.ts'],
    globalSetup: 'test/browser/present.ts',
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    // One browser at a time: what is measured is the page, not the machine.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
