/** The tag of a release, whose push starts the workflow that publishes it. */
import { execFileSync } from 'node:child_process';

/** Runs git. @param cwd path of a working copy @returns its output */
const git = (cwd: string, ...args: readonly string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();

/**
 * Checks that a version can be released from a working copy.
 *
 * @param changelog the text of CHANGELOG.md
 * @throws Error that says what to do first
 */
export function checkRelease(cwd: string, version: string, changelog: string): void {
  if (!changelog.includes(`\n## [${version}]`))
    throw new Error(
      `CHANGELOG.md has no section "## [${version}]": rename Unreleased, or set the version in package.json`,
    );
  if (git(cwd, 'status', '--porcelain') !== '') throw new Error('There are changes that are not committed');
  if (git(cwd, 'tag', '--list', `v${version}`) !== '') throw new Error(`The tag v${version} exists already`);
}

/** Tags the commit of a working copy, and pushes the tag. */
export function pushTag(cwd: string, version: string): void {
  git(cwd, 'tag', '--annotate', `v${version}`, '--message', `pixgate ${version}`);
  git(cwd, 'push', '--quiet', 'origin', `v${version}`);
}
