import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/browser/**/*.test.ts'],
    globalSetup: 'test/browser/present.ts',
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    // One browser at a time: parallel ones would slow each other down.
    fileParallelism: false,
    // A busy machine takes longer than a second for a first image.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
