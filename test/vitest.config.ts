import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**', 'test/browser/**', 'test/work/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine takes longer than a second to start a process.
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
  },
});
