import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/long/runtime*.test.ts'],
    globalSetup: ['test/runtime/setup.ts'],
    setupFiles: ['test/loopback-only.ts', 'test/no-secrets.ts'],
    // A busy machine takes longer than a second to end a process.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
