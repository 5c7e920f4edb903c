/** npm run stack < LINES: maps positions in the minified code of dist/, such as `lambda.mjs:1:13790`, to positions in the sources. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const maps = new Map<string, SourceMap | undefined>();
function sourceMapOf(file: string): SourceMap | undefined {
  const path = new URL(`../../dist/${file}.map`, import.meta.url);
  if (!maps.has(file))
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  return maps.get(file);
}

/** Replaces each position in a stack trace whose source map is in dist/. Lines and columns count from 1. */
export const resolveStack = (stack: string): string =>
  stack.replace(/[^\s(]*?([\w-]+\.mjs):(\d+):(\d+)/g, (position, file: string, line: string, column: string) => {
    const origin = sourceMapOf(file)?.findOrigin(Number(line), Number(column));
    return origin && 'fileName' in origin
      ? `${origin.fileName.replace(/^(?:\.\.\/)+/, '')}:${origin.lineNumber}:${origin.columnNumber}`
      : position;
  });

if (import.meta.main) {
  if (!existsSync(fileURLToPath(new URL('../../dist', import.meta.url))))
    throw new Error('There is no dist/: check out the deployed commit and run npm run build.');
  process.stdout.write(resolveStack((await text(process.stdin)).replaceAll('\\n', '\n')));
}
