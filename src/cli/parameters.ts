/** The query parameters as command-line options. */
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { type DocumentedProperty, invalidValue, readValue } from '../schema.ts';
import { type Option, type Options, UsageError } from './arguments.ts';

const PROPERTIES = Object.entries<DocumentedProperty>(querySchema.properties);

/** Parameters with a name of one letter that may be written with one dash. `-h` is the help. */
const SHORT = ['w', 'f', 'q'];
/** Of wsrv.nl: on a command line it is the name of a file. */
const EXCLUDED_ALIASES = ['output'];

/** Returns the range of a parameter, such as `1 – 8192`. */
const rangeOf = ({ minimum, maximum }: DocumentedProperty) =>
  minimum === undefined || maximum === undefined ? undefined : `${minimum} – ${maximum}`;

function toOption([name, property]: [string, DocumentedProperty]): [string, Option] {
  const { type, description, enum: values, aliases = [] } = property;
  const [sentence = ''] = description.split(/[.:;](?: |$)/);
  const choices = values ? values.join(', ') : rangeOf(property);
  return [
    name,
    {
      type: type === 'boolean' ? 'boolean' : 'string',
      description: `${sentence.replaceAll('`', '')}${choices ? ` (${choices})` : ''}`,
      aliases: aliases.filter((alias) => !EXCLUDED_ALIASES.includes(alias)),
      ...(SHORT.includes(name) && { short: name }),
      ...(values && { values: values.map(String) }),
    },
  ];
}

/**
 * Returns an option for each query parameter, by its name and aliases.
 *
 * @param excluded names of parameters without an option: they come from elsewhere, or have no meaning for the command
 */
export const parameterOptions = (excluded: readonly string[]): Options =>
  Object.fromEntries(PROPERTIES.filter(([name]) => !excluded.includes(name)).map(toOption));

/**
 * Converts the parameters of the command line to their types, and checks each by itself.
 *
 * @throws UsageError that names the option and its valid values
 */
export function readParameters(values: Readonly<Record<string, string | boolean>>): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const [name, property] of PROPERTIES) {
    const value = values[name];
    if (value === undefined) continue;
    parameters[name] = typeof value === 'string' ? readValue(value, property) : value;
    // Validated with the required parameters only, so that any error belongs to this parameter.
    const query = { u: 'x', w: 1, [name]: parameters[name] };
    if (parameters[name] === undefined || !validate(query))
      throw new UsageError(`--${invalidValue(name, querySchema).detail}`);
  }
  return parameters;
}
