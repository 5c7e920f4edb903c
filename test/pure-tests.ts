/**
 * Finds the tests for `npm run test:unit`. The rule: a test file is pure if nothing that it imports, itself or through other
 * modules, is in IMPURE. A new test file joins the lane or leaves it by its imports alone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Modules that serve HTTP, start processes and threads, or decode images. `node:net` and `node:dns` are not here: the parsers of IP addresses import them. */
const IMPURE = [
  'node:http',
  'node:https',
  'node:http2',
  'node:dgram',
  'node:child_process',
  'node:worker_threads',
  'sharp',
];

/** Suites with a configuration of their own. */
const OTHER_SUITES = /^test\/(?:long|browser|work)\//;

/** Exports of `test/requests.ts` that are data or pure functions, although the module itself can serve requests. */
const PURE_HELPERS = ['KEY', 'codeOf', 'context', 'events', 'optionsOf', 'testConfig', 'toReply'];

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly target: string;
  readonly names: readonly string[];
}

/** Reads the imports that are left at run time: those of types alone are erased. */
function importsOf(path: string): Import[] {
  const text = readFileSync(posix.join(root, path), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s(?!type\s)(?:([^'";]*?)\bfrom\s*)?'([^']+)'|import\('([^']+)'\)/gm,
  );
  return [...statements].map(([, clause = '', target, dynamic]) => ({
    target: target ?? dynamic ?? '',
    names: clause.match(/\w+/g) ?? [],
  }));
}

const isPureHelpers = (path: string, names: readonly string[]) =>
  path === 'test/requests.ts' && names.length > 0 && names.every((name) => PURE_HELPERS.includes(name));

/**
 * @param path of a module, from the root of the repository
 * @returns the modules of IMPURE that it reaches
 */
export function impureImports(path: string, visited = new Set<string>()): string[] {
  if (visited.has(path)) return [];
  visited.add(path);
  return importsOf(path).flatMap(({ target, names }) => {
    if (!target.startsWith('.')) return IMPURE.includes(target) ? [target] : [];
    const module = posix.join(posix.dirname(path), target);
    return /\.[cm]?[jt]s$/.test(module) && !isPureHelpers(module, names) ? impureImports(module, visited) : [];
  });
}

/** @returns paths of the pure test files, from the root of the repository */
export const pureTests = (): string[] =>
  readdirSync(posix.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join('test', path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.test.ts') && !OTHER_SUITES.test(path) && impureImports(path).length === 0);
