import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/long/**/*.test.ts'],
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
