/** The workflows of CI: every action is pinned by a commit, since a tag can be moved. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../.github/workflows/', import.meta.url);

test.each(readdirSync(folder))('%s', (name) => {
  const actions = readFileSync(new URL(name, folder), 'utf8').match(/(?<=uses: ).+/g) ?? [];
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
