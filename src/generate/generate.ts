/**
 * npm run generate: writes all files and sections generated from the schemas: the compiled validators, the types in
 * src/options.ts, the tables of the README and the docs, the README's badges, and the CloudFront Function. Never edit them by hand: a test
 * compares them with the output of this module.
 */
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import manifest from '../../package.json' with { type: 'json' };
import configSchema from '../../schemas/config.json' with { type: 'json' };
import keysSchema from '../../schemas/keys.json' with { type: 'json' };
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { DIALECT_NAMES } from '../compat/dialects.ts';
import { RECIPES } from '../dev/page/recipes.ts';
import { ERRORS } from '../errors.ts';
import { sourceFormats } from '../image/formats/source-formats.ts';
import { camelCase, type DocumentedProperty } from '../schema.ts';
import { badges } from './badges.ts';
import { edgeFunction } from './cloudfront-table.ts';
import { compactValidators } from './compact-validators.ts';
import { compatRows } from './compat-tables.ts';
import { optionRows, optionTypes } from './middleware-options.ts';
import { SCHEMA_EXTENSIONS } from './openapi.ts';

const root = new URL('../../', import.meta.url);
const properties = (schema: { properties: object }) =>
  Object.entries(schema.properties) as [string, DocumentedProperty][];

/** Returns the schema without documentation and extensions, which would add to the Lambda bundle. */
function validationRules(schema: object): object {
  return JSON.parse(JSON.stringify(schema, (key, value) => (SCHEMA_EXTENSIONS.includes(key) ? undefined : value)));
}

function validators(): string {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    validateFormats: false,
    // src/schema.ts writes the messages.
    messages: false,
    code: { source: true, esm: true, lines: true },
  });
  // Written by the class, whatever the options say. No schema has `unevaluatedProperties`.
  ajv.opts.unevaluated = false;
  ajv
    .addSchema(validationRules(querySchema), 'query')
    .addSchema(validationRules(configSchema), 'config')
    .addSchema(validationRules(keysSchema), 'keys');
  const toSource = standaloneCode as unknown as (of: Ajv2020, exports: object) => string;
  const code = toSource(ajv, { query: 'query', config: 'config', keys: 'keys' });
  if (/\brequire\(|\bimport\b/.test(code))
    throw new Error('The validators must have no imports: a keyword of the schemas needs Ajv at run time.');
  return `// Generated from query.json, config.json and keys.json by npm run generate.\n${compactValidators(code)}\n`;
}

function typeOf({ type, enum: members, items }: Pick<DocumentedProperty, 'type' | 'enum' | 'items'>): string {
  if (items) return `readonly ${items.enum ? `(${typeOf(items)})` : typeOf(items)}[]`;
  if (members) return members.map((member) => `'${member}'`).join(' | ');
  if (Array.isArray(type)) return 'number | string';
  if (type === 'object') return 'Readonly<Record<string, unknown>>';
  return type === 'integer' ? 'number' : String(type);
}

function declaration(
  name: string,
  schema: { readonly description: string; readonly properties: object; readonly required?: readonly string[] },
  rename = (key: string) => key,
): string {
  const required = schema.required ?? [];
  const fields = properties(schema).map(([key, property]) => {
    const optional = required.includes(key) || property.default !== undefined ? '' : '?';
    return `  /** ${property.description}${property.unit ? ` In ${property.unit}.` : ''} */\n  readonly ${rename(key)}${optional}: ${typeOf(property)};`;
  });
  return `/** ${schema.description} */\nexport interface ${name} {\n${fields.join('\n')}\n}\n`;
}

/** The defaults of the query's parameters, for code that must know whether a value is the default. */
const defaults = () =>
  `/** Defaults of the parameters of GET /. */\nexport const DEFAULTS = {\n${properties(querySchema)
    .filter(([, property]) => property.default !== undefined)
    .map(([name, property]) => `  ${name}: ${JSON.stringify(property.default).replaceAll('"', "'")},\n`)
    .join('')}} as const;\n`;

const version = () => `/** Version of this package. */\nexport const VERSION = '${manifest.version}';\n`;

const types = () =>
  `// Generated from schemas/query.json, config.json and keys.json by npm run generate.\n\n${version()}\n${declaration('ImageOptions', querySchema)}\n${defaults()}\n${declaration('Settings', configSchema, camelCase)}\n${declaration('KeyEntry', { ...keysSchema.items, description: keysSchema.description })}`;

/** Returns the names of all parameters, and their aliases, for the check of options in `client/url.ts`. */
const parameterNames = () => {
  const names = properties(querySchema).flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  return `// Generated from schemas/query.json by npm run generate.\n\nexport const PARAMETER_NAMES: readonly string[] =\n  '${names.join(' ')}'.split(\n    ' ',\n  );\n`;
};

/** Returns the cell of allowed values. */
function allowedValues({
  enum: members,
  minimum,
  maximum,
  type,
  unit,
  items,
  format,
  keywords = [],
}: DocumentedProperty): string {
  if (members) return members.map((member) => `\`${member}\``).join(' ');
  if (format === 'colour') return ['colour', ...keywords.map((keyword) => `\`${keyword}\``)].join(' ');
  const suffix = unit && unit !== '×' ? ` ${unit}` : '';
  if (minimum !== undefined) return `${minimum} – ${maximum}${suffix}`;
  if (items) return 'list';
  if (type === 'object') return 'object';
  return type === 'boolean' ? '`1` `0`' : 'string';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const defaultOf = ({ default: value }: DocumentedProperty) =>
  value === undefined
    ? ''
    : Array.isArray(value)
      ? value.map((item) => `\`${item}\``).join(' ') || 'none'
      : `\`${value === false ? 0 : value}\``;

const thumbnails = new Set(readdirSync(new URL('.github/images/', root)));

/** Returns the image that a parameter's example returns. */
const thumbnailOf = (name: string, { title = name }: DocumentedProperty) =>
  thumbnails.has(`parameter-${name}.webp`) ? `![${title}](../../.github/images/parameter-${name}.webp)` : '';

/** Returns the parameters of a group of the form, below its name. */
const groupTable = ([group, parameters]: readonly [
  string,
  readonly [string, DocumentedProperty][],
]) => `## ${group.charAt(0).toUpperCase()}${group.slice(1)}

${table(
  ['name', 'aliases', 'values', 'default', 'description', 'example'],
  parameters.map(([name, p]) => [
    `\`${name}\``,
    (p.aliases ?? []).map((alias) => `\`${alias}\``).join(' '),
    allowedValues(p),
    defaultOf(p),
    p.example ? `${p.description}<br>Example: \`${p.example}\`` : p.description,
    thumbnailOf(name, p),
  ]),
)}`;

/** The tables of the README and the docs, by the name in their markers. */
export const tables: Readonly<Record<string, () => string>> = {
  parameters: () =>
    [...Map.groupBy(properties(querySchema), ([, { group }]) => group ?? '')].map(groupTable).join('\n\n'),
  recipes: () =>
    table(
      ['recipe', 'parameters', 'what they do'],
      RECIPES.map(({ title, explanation, options }) => [
        title,
        `\`${Object.entries(options)
          .map((pair) => pair.join('='))
          .join('&')}\``,
        explanation,
      ]),
    ),
  settings: () =>
    table(
      ['variable', 'values', 'default', 'description'],
      properties(configSchema).map(([name, p]) => [
        `\`${name}\``,
        allowedValues(p),
        defaultOf(p),
        p.deprecatedName ? `${p.description} Deprecated name: \`${p.deprecatedName}\`.` : p.description,
      ]),
    ),
  keys: () =>
    table(
      ['setting', 'values', 'default', 'description'],
      properties(keysSchema.items).map(([name, p]) => [`\`${name}\``, allowedValues(p), defaultOf(p), p.description]),
    ),
  formats: () =>
    table(
      ['format', 'media types', 'decoder', 'licence', 'CPU per megapixel', 'switch'],
      sourceFormats.map(([, { name, mediaTypes, decoder, licence, decodeMs, setting }]) => [
        name,
        mediaTypes.map((type) => `\`${type}\``).join(' '),
        decoder,
        licence,
        decodeMs ? `${decodeMs} ms` : 'up to `SVG_TIMEOUT`',
        setting ? `\`${setting.variable}\`, default \`${setting.default}\`` : '',
      ]),
    ),
  statuses: () =>
    table(
      ['status', 'code', 'description', 'Cache-Control'],
      Object.entries(ERRORS).map(([code, row]) => [`${row.status}`, `\`${code}\``, row.description, row.cacheControl]),
    ),
  ...Object.fromEntries(
    DIALECT_NAMES.map((name) => [`compat-${name}`, () => table([name, 'pixgate'], compatRows(name))]),
  ),
  ...Object.fromEntries(
    Object.entries(optionRows).map(([name, rows]) => [
      name,
      () => table(['option', 'type', 'default', 'description'], rows),
    ]),
  ),
};

/** Returns a page with its tables, between the markers, generated again. */
export function withTables(page: string): string {
  return page.replace(
    /(<!-- ([\w-]+) -->)[\s\S]*?(<!-- \/\2 -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${tables[name]?.() ?? ''}\n${close}`,
  );
}

/** Returns the template with the code of the CloudFront Function, between the markers, generated again. */
export function withEdge(template: string): string {
  return template.replace(
    /( +)(\/\/ <edge>)[\s\S]*?(\/\/ <\/edge>)/,
    (_, indent: string, open: string, close: string) =>
      [open, ...edgeFunction().trimEnd().split('\n'), close].map((line) => indent + line).join('\n'),
  );
}

/** Returns the paths of the README and the docs, relative to the repository. */
export const pages = (): string[] => [
  'README.md',
  ...readdirSync(new URL('src/docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `src/docs/${name}`),
];

/** Returns the content of each generated file, by its path. */
export async function generated(): Promise<Record<string, string>> {
  const read = async (path: string) => [path, withTables(await readFile(new URL(path, root), 'utf8'))] as const;
  return {
    'schemas/validators.js': validators(),
    'src/client/parameters.ts': parameterNames(),
    'src/options.ts': types(),
    'src/middlewares/options.ts': optionTypes(),
    ...badges(),
    'template.yaml': withEdge(await readFile(new URL('template.yaml', root), 'utf8')),
    ...Object.fromEntries(await Promise.all(pages().map(read))),
  };
}

if (import.meta.main)
  for (const [path, content] of Object.entries(await generated())) await writeFile(new URL(path, root), content);
