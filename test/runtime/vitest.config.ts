import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/long/runtime*.test.ts'],
    globalSetup: ['test/runtime/setup.ts'],
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
