/** The workflows of CI: every action is pinned by a commit, since a tag can be moved. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../.github/workflows/', import.meta.url);

test.each(readdirSync(folder))('%s', (name) => {
  const actions = readFileSync(new URL(name, folder), 'utf8').match(/(?<=uses: ).+/g) ?? [];
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('the job that publishes a release runs no code of a dependency, and it alone may write to the repository', () => {
  const text = readFileSync(new URL('release.yml', folder), 'utf8');
  const [before = '', publish = ''] = text.split(/^ {2}publish:$/m);
  expect(publish).toContain('contents: write');
  expect(publish).not.toMatch(/npm (?:ci|install|run|exec)|npx|actions\/checkout/);
  expect(before).not.toContain('contents: write');
});
