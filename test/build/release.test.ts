/** What `npm run release` checks, the tag that it pushes, and the template that it writes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRelease, pushTag } from '../../src/build/release-tag.ts';
import { releaseTemplate } from '../../src/build/release-template.ts';

describe('the tag', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-release-'));
  const [remote, clone] = [join(folder, 'remote.git'), join(folder, 'clone')];
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  beforeAll(() => {
    git(folder, 'init', '--quiet', '--bare', remote);
    git(folder, 'clone', '--quiet', remote, clone);
    git(clone, 'config', 'user.name', 'test');
    git(clone, 'config', 'user.email', 'test@example.com');
    writeFileSync(join(clone, 'a'), '');
    git(clone, 'add', '.');
    git(clone, 'commit', '--quiet', '-m', 'feat: a');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('it is that of the commit, at the remote', () => {
    const changelog = '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n';
    expect(() => checkRelease(clone, '1.2.3', changelog)).not.toThrow();
    pushTag(clone, '1.2.3');
    expect(git(remote, 'rev-parse', 'v1.2.3^{commit}')).toBe(git(clone, 'rev-parse', 'HEAD'));
    expect(() => checkRelease(clone, '1.2.3', changelog)).toThrow('The tag v1.2.3 exists already');
    expect(() => checkRelease(clone, '1.3.0', changelog)).toThrow('no section "## [1.3.0]"');
    writeFileSync(join(clone, 'a'), 'changed');
    expect(() => checkRelease(clone, '1.2.4', '\n## [1.2.4]\n')).toThrow('not committed');
  });
});

test('a change of template.yaml that would leave the code in dist/ is noticed', () => {
  const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
  expect(releaseTemplate(template, '1.2.3')).not.toMatch(/dist\/|SkipBuild/);
  expect(() => releaseTemplate(template.replaceAll('CodeUri: dist/', 'CodeUri: ./dist'), '1.2.3')).toThrow(
    'template.yaml has no "CodeUri: dist/"',
  );
});
