/** The resizer's parameters as options of the command line. */
import querySchema from '../../schemas/query.json' with { type: 'json' };

type Option = { type: 'boolean' | 'string'; short?: string };

/**
 * Every parameter is an option of its own, by its name.
 *
 * @param without names that come from elsewhere, or mean nothing there
 * @param short names of one letter that may be written with one dash
 */
export const parameterOptions = (without: readonly string[], short: readonly string[] = []): Record<string, Option> =>
  Object.fromEntries(
    Object.entries(querySchema.properties)
      .filter(([name]) => !without.includes(name))
      .map(([name, { type }]) => [
        name,
        { type: type === 'boolean' ? 'boolean' : 'string', ...(short.includes(name) && { short: name }) },
      ]),
  );
