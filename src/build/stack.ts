/** npm run stack < LINES: places in the minified code of dist/, such as `lambda.mjs:1:13790`, as places in the sources. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const maps = new Map<string, SourceMap | undefined>();
function mapOf(file: string): SourceMap | undefined {
  const path = new URL(`../../dist/${file}.map`, import.meta.url);
  if (!maps.has(file))
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  return maps.get(file);
}

/** Lines and columns of a stack count from 1. */
export const resolveStack = (stack: string): string =>
  stack.replace(/[^\s(]*?([\w-]+\.mjs):(\d+):(\d+)/g, (place, file: string, line: string, column: string) => {
    const found = mapOf(file)?.findOrigin(Number(line), Number(column));
    return found && 'fileName' in found
      ? `${found.fileName.replace(/^(?:\.\.\/)+/, '')}:${found.lineNumber}:${found.columnNumber}`
      : place;
  });

if (import.meta.main) {
  if (!existsSync(fileURLToPath(new URL('../../dist', import.meta.url))))
    throw new Error('There is no dist/: run npm run build, of the commit that is deployed.');
  process.stdout.write(resolveStack((await text(process.stdin)).replaceAll('\\n', '\n')));
}
