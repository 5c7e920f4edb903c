/** Options of a middleware, held against its schema when the function starts: a slip is seen at deployment, not by a caller. */
import schemas from '../../schemas/middlewares.json' with { type: 'json' };

/** The words of JSON Schema that describe an option, and `instanceof` of ajv-keywords for functions. */
export interface OptionSchema {
  readonly type?: string;
  readonly instanceof?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly OptionSchema[];
  readonly items?: OptionSchema;
  readonly additionalProperties?: OptionSchema;
}

export interface OptionsSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, OptionSchema & { readonly default?: unknown }>>;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an option must be, in words. */
export function describeSchema({ type, enum: members, anyOf, items, additionalProperties }: OptionSchema): string {
  if (anyOf) return anyOf.map(describeSchema).join(' or ');
  if (members) return `one of ${members.join(', ')}`;
  if (type === 'array') return items ? `a list, each of it ${describeSchema(items)}` : 'a list';
  if (type === 'object')
    return additionalProperties ? `an object, each value ${describeSchema(additionalProperties)}` : 'an object';
  return type === 'string' ? 'a text' : type === 'boolean' ? 'true or false' : 'a function';
}

/** Whether a value fits, as Ajv would say; a function is no object. */
export function matchesSchema(
  value: unknown,
  { type, enum: members, anyOf, items, additionalProperties }: OptionSchema,
): boolean {
  if (anyOf) return anyOf.some((one) => matchesSchema(value, one));
  if (members) return (members as readonly unknown[]).includes(value);
  if (type === 'array') return Array.isArray(value) && (!items || value.every((one) => matchesSchema(one, items)));
  if (type === 'object')
    return (
      isObject(value) &&
      (!additionalProperties || Object.values(value as object).every((one) => matchesSchema(one, additionalProperties)))
    );
  return typeof value === (type ?? 'function');
}

/**
 * The options with their defaults. One that is `undefined` is as good as not given.
 *
 * @param name the factory, which the message begins with
 * @throws TypeError that names the option, and what would be right
 */
export function checkOptions<T extends object, D extends keyof T = never>(
  name: keyof typeof schemas,
  options: T,
): T & { [K in D]-?: Exclude<T[K], undefined> } {
  const { required, properties } = schemas[name] as OptionsSchema;
  if (!isObject(options)) throw new TypeError(`${name}: options must be an object`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [option, value] of given) {
    const schema = Object.hasOwn(properties, option) ? properties[option] : undefined;
    if (!schema)
      throw new TypeError(
        `${name}: ${option} is not an option; it has ${Object.keys(properties).join(', ') || 'none'}`,
      );
    if (!matchesSchema(value, schema)) throw new TypeError(`${name}: ${option} must be ${describeSchema(schema)}`);
  }
  const values = Object.fromEntries(given);
  for (const [option, schema] of Object.entries(properties)) {
    if (values[option] !== undefined) continue;
    if (required.includes(option)) throw new TypeError(`${name}: ${option} is required, ${describeSchema(schema)}`);
    values[option] = schema.default;
  }
  return values as never;
}
