/** Generates from schemas/middlewares.json: the types of the options, and the rows of the tables in the docs. */
import schemas from '../../schemas/middlewares.json' with { type: 'json' };
import { kebabCase } from '../schema.ts';

/** The keywords of JSON Schema that describe an option, and `instanceof` for functions. */
interface OptionSchema {
  readonly type?: string;
  readonly instanceof?: string;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly OptionSchema[];
  readonly items?: OptionSchema;
  readonly additionalProperties?: OptionSchema;
}

/** Describes the values of an option. */
function describeSchema({ type, enum: members, oneOf, items, additionalProperties, ...others }: OptionSchema): string {
  if (others.instanceof === 'Object') return 'an object';
  if (oneOf) return oneOf.map(describeSchema).join(' or ');
  if (members) return `one of ${members.join(', ')}`;
  if (type === 'array') return items ? `an array, each item ${describeSchema(items)}` : 'an array';
  if (type === 'object')
    return additionalProperties ? `an object, each value ${describeSchema(additionalProperties)}` : 'an object';
  return type === undefined ? 'a function' : `a ${type}`;
}

interface Option extends OptionSchema {
  readonly description: string;
  readonly default?: unknown;
  /** The TypeScript type, if JSON Schema cannot express it. */
  readonly tsType?: string;
}

interface Options {
  readonly title: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Option>>;
}

const middlewares = Object.entries<Options>(schemas);

function typeOf({ tsType, enum: members, items, type }: Option): string {
  if (tsType) return tsType;
  if (members) return members.map((member) => `'${member}'`).join(' | ');
  return items ? `readonly ${items.type}[]` : `${type}`;
}

function declaration({ title, required, properties }: Options): string {
  const fields = Object.entries(properties).map(([name, option]) => {
    const type = typeOf(option);
    // In parentheses, because `| undefined` would become part of a function's return type.
    const optional = `?: ${type.includes('=>') ? `(${type})` : type} | undefined`;
    return `  /** ${option.description} */\n  readonly ${name}${required.includes(name) ? `: ${type}` : optional};\n`;
  });
  if (!fields.length) return `export type ${title} = Readonly<Record<string, never>>;\n`;
  return `export interface ${title} {\n${fields.join('')}}\n`;
}

/** Returns the source of the option types. Options with a default are optional. */
export const optionTypes = (): string => `// Generated from schemas/middlewares.json by npm run generate.

import type { Request } from '@middy/core';
import type { QuerySchema } from '../schema.ts';
import type {
  ApiKey,
  LoggedRequest,
  LogLine,
  Parser,
  Presets,
  ProblemDetails,
  TranspiledSchema,
  UrlSecret,
  Validate,
} from './types.ts';

${middlewares.map(([, options]) => declaration(options)).join('\n')}`;

/** The rows of each table, by its name. A middleware without options has no table. */
export const optionRows: Readonly<Record<string, readonly (readonly string[])[]>> = Object.fromEntries(
  middlewares
    .filter(([, { properties }]) => Object.keys(properties).length)
    .map(([name, { required, properties }]) => [
      `options-${kebabCase(name)}`,
      Object.entries(properties).map(([option, schema]) => [
        `\`${option}\``,
        describeSchema(schema),
        required.includes(option)
          ? 'required'
          : schema.default === undefined
            ? ''
            : `\`${JSON.stringify(schema.default)}\``,
        schema.description,
      ]),
    ]),
);
