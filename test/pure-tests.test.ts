import net from 'node:net';
import { expect, test } from 'vitest';
import './no-sockets.ts';
import { impureImports, pureTests } from './pure-tests.ts';
import unit from './unit.config.ts';

test.each([
  ['test/handler.test.ts', 'node:http'],
  ['test/svg/root-size.test.ts', 'sharp'],
  ['test/cli/cli.test.ts', 'node:child_process'],
  ['test/transform.test.ts', 'sharp'],
])('%s is not pure: it imports %s', (path, module) => {
  expect(impureImports(path)).toContain(module);
  expect(unit.test?.include).not.toContain(path);
});

test.each(['test/http/event.test.ts', 'test/image/plan.test.ts', 'test/middlewares/api-key.test.ts'])(
  '%s is pure',
  (path) => expect(unit.test?.include).toContain(path),
);

test('imports of types do not count, and those through other modules do', () => {
  expect(impureImports('src/middlewares/types.ts')).toEqual([]);
  expect(impureImports('src/transform.ts')).toContain('sharp');
});

test('the lane has a fair part of all tests', () => expect(pureTests().length).toBeGreaterThan(25));

test('a pure test that opens a socket fails', () => {
  expect(() => net.createServer().listen(0)).toThrow('no sockets');
  expect(() => net.connect(80)).toThrow('no sockets');
});
