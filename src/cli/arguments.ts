/** Maps the query parameters to command-line options. */
import querySchema from '../../schemas/query.json' with { type: 'json' };

/** Invalid usage of the command line: printed without a stack, exit code 2. */
export class UsageError extends Error {}

type Option = { type: 'boolean' | 'string'; short?: string };

/**
 * Returns one option of `parseArgs` for each query parameter, by its name.
 *
 * @param excluded names of parameters without an option: they come from elsewhere, or have no meaning for the command
 * @param short names of one letter that may be written with one dash
 */
export const parameterOptions = (excluded: readonly string[], short: readonly string[] = []): Record<string, Option> =>
  Object.fromEntries(
    Object.entries(querySchema.properties)
      .filter(([name]) => !excluded.includes(name))
      .map(([name, { type }]) => [
        name,
        { type: type === 'boolean' ? 'boolean' : 'string', ...(short.includes(name) && { short: name }) },
      ]),
  );
