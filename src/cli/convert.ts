/** The command `pixgate convert`: prints the URLs of pixgate for those of another resizer. */
import { readFileSync } from 'node:fs';
import { generate } from '../client/url.ts';
import { DIALECT_NAMES, type DialectName, readUrl } from '../compat/dialects.ts';
import { UsageError } from './arguments.ts';
import { defineCommand } from './command.ts';

const isName = (name: string): name is DialectName => (DIALECT_NAMES as readonly string[]).includes(name);

/** Returns the URL of pixgate. @throws Error that says what has no counterpart */
function convertUrl(text: string, names: readonly DialectName[], base: string | undefined): string {
  const [, origin = '', path = '', search = ''] = /^(https?:\/\/[^/?#]+)?(\/[^?#]*)?(?:\?([^#]*))?/i.exec(text) ?? [];
  const query = [...new URLSearchParams(search)].map(([name, value]) => ({ name, value }));
  const result = readUrl(names, { path: path || '/', query, search });
  if (!result) throw new Error(`this is not a URL of ${names.join(', ')}`);
  const { problem, query: { u = '', ...options } = {} } = result;
  if (problem) throw new Error(problem);
  return generate(base ?? `${origin}/`, u, options as Parameters<typeof generate>[2]);
}

/** @throws UsageError for invalid arguments; Error with one line for each URL without a counterpart */
export const convert = defineCommand({
  usage: 'URL... [--base URL]',
  description: `URLs of another resizer; - reads them from standard input, one on each line. Prints a URL for each, without a key. A URL that has
no counterpart is reported on standard error.`,
  options: {
    from: {
      type: 'string',
      description: `the resizer, if its URLs look like those of another one: ${DIALECT_NAMES.join(', ')}`,
    },
    base: { type: 'string', description: 'base URL of the deployment; default: the scheme and host of the URL' },
  },
  run({ values: { from, base }, positionals }) {
    if (from !== undefined && !isName(from)) throw new UsageError(`--from must be one of ${DIALECT_NAMES.join(', ')}`);
    if (base !== undefined && !URL.canParse(base))
      throw new UsageError('--base must be the URL of the deployment, such as https://img.example.com/');
    const urls = positionals.flatMap((url) =>
      url === '-' ? readFileSync(0, 'utf8').split(/\r?\n/).filter(Boolean) : [url],
    );
    if (!urls.length) throw new UsageError('A URL is required: pixgate convert /_next/image?url=%2Fcat.jpg&w=640&q=75');
    const failures: string[] = [];
    for (const url of urls) {
      try {
        console.log(convertUrl(url, from === undefined ? DIALECT_NAMES : [from], base));
      } catch (error) {
        failures.push(`${url}: ${(error as Error).message}`);
      }
    }
    if (failures.length) throw new Error(failures.join('\n'));
  },
});
