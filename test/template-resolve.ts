/** Resolves a template to a stack, overrides its parameters: CloudFormation's functions, as far as the template uses them. */
type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
type Fields = Readonly<Record<string, Value>>;

export interface Resource {
  readonly DeletionPolicy?: string;
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Fields;
}

export interface Parameter {
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
}

/** A template after SAM's transform. */
export interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Metadata: Readonly<Record<string, Value>>;
  readonly Mappings: Value;
  readonly Rules: Readonly<
    Record<string, { readonly RuleCondition?: Value; readonly Assertions: readonly { readonly Assert: Value }[] }>
  >;
  readonly Conditions: Fields;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Condition?: string; readonly Value: Value }>>;
}

/** A resolved stack: without the resources that their condition excludes, and without functions. */
export interface Stack {
  readonly resources: Readonly<Record<string, Omit<Resource, 'Properties'> & { readonly Properties: Fields }>>;
  readonly outputs: Readonly<Record<string, string>>;
}

const NO_VALUE = Symbol('AWS::NoValue');
const PSEUDO = {
  'AWS::StackName': 'pictures',
  'AWS::Region': 'eu-west-1',
  'AWS::Partition': 'aws',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

function parameterValues(
  { Parameters }: Template,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const name of Object.keys(overrides))
    if (!Parameters[name] && !(name in PSEUDO)) throw new Error(`${name} is not a parameter`);
  const values = Object.entries(Parameters).map(([name, { Default, AllowedValues, AllowedPattern }]) => {
    const value = String(overrides[name] ?? Default);
    if (AllowedValues && !AllowedValues.map(String).includes(value)) throw new Error(`${name} may not be ${value}`);
    if (AllowedPattern && !new RegExp(AllowedPattern).test(value)) throw new Error(`${name} may not be ${value}`);
    return [name, value];
  });
  return { ...PSEUDO, ...Object.fromEntries(values), ...overrides };
}

/**
 * @param overrides parameters that differ from their defaults, and pseudo parameters such as AWS::Region
 * @returns the stack; a reference to a resource is `<Name>`, and one to an attribute `<Name.Attribute>`
 * @throws Error for a value that a parameter does not allow, a violated rule, or a reference to an excluded resource
 */
export function resolve(template: Template, overrides: Readonly<Record<string, string>> = {}): Stack {
  const values = parameterValues(template, overrides);
  const isIncluded = (name: string): boolean => {
    const condition = template.Resources[name]?.Condition;
    return name in template.Resources && (condition === undefined || holds(condition));
  };
  const holds = (condition: string): boolean => {
    if (!(condition in template.Conditions)) throw new Error(`no condition ${condition}`);
    return walk(template.Conditions[condition] as Value) === true;
  };
  const resource = (name: string, shown: string): string => {
    if (!isIncluded(name)) throw new Error(`${name} is referred to, but excluded by its condition`);
    return `<${shown}>`;
  };
  const refer = (name: string): unknown => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    return values[name] ?? resource(name, name);
  };
  const substitute = (text: string, variables: Fields = {}): string =>
    text.replace(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (variables[name] !== undefined) return String(walk(variables[name]));
      return name.includes('.') ? resource(name.split('.')[0] ?? '', name) : String(refer(name));
    });
  const FUNCTIONS: Readonly<Record<string, (input: never) => unknown>> = {
    Ref: refer,
    Condition: holds,
    'Fn::Equals': (pair: Value[]) => String(walk(pair[0] ?? '')) === String(walk(pair[1] ?? '')),
    'Fn::Not': ([one]: [Value]) => !walk(one),
    'Fn::And': (all: Value[]) => all.every((one) => walk(one)),
    'Fn::Or': (all: Value[]) => all.some((one) => walk(one)),
    'Fn::Contains': ([list, one]: [string[], Value]) => list.includes(String(walk(one))),
    'Fn::If': ([condition, yes, no]: [string, Value, Value]) => walk(holds(condition) ? yes : no),
    'Fn::Sub': (input: string | [string, Fields]) =>
      typeof input === 'string' ? substitute(input) : substitute(...input),
    'Fn::GetAtt': (input: string | string[]) => {
      const path = [input].flat().join('.');
      return resource(path.split('.')[0] ?? '', path);
    },
    'Fn::FindInMap': (path: string[]) =>
      path.reduce((from, key) => (from as Record<string, Value>)[key] as Value, template.Mappings),
    'Fn::Join': ([glue, parts]: [string, Value]) => (walk(parts) as unknown[]).map(String).join(glue),
    'Fn::Split': ([glue, text]: [string, Value]) => String(walk(text)).split(glue),
    // The text to split is a URL that exists only once the stack does.
    'Fn::Select': ([index, list]: [number, Value]) => (walk(list) as unknown[])[index] ?? `<${index}>`,
  };
  const walk = (value: Value): unknown => {
    if (Array.isArray(value)) return value.map(walk).filter((one) => one !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, input] = ['', null], ...more] = Object.entries(value);
    const call = more.length ? undefined : FUNCTIONS[name];
    if (call && !(name === 'Condition' && typeof input !== 'string')) return call(input as never);
    if (name.startsWith('Fn::')) throw new Error(`no function ${name}`);
    const fields = Object.entries(value).map(([key, one]) => [key, walk(one)]);
    return Object.fromEntries(fields.filter(([, one]) => one !== NO_VALUE));
  };
  for (const [name, { RuleCondition, Assertions }] of Object.entries(template.Rules))
    if (RuleCondition === undefined || walk(RuleCondition))
      for (const { Assert } of Assertions) if (!walk(Assert)) throw new Error(`the rule ${name} is violated`);
  const resources = Object.entries(template.Resources).filter(([name]) => isIncluded(name));
  for (const [name, { DependsOn = [] }] of resources)
    for (const other of [DependsOn].flat()) if (!isIncluded(other)) throw new Error(`${name} depends on ${other}`);
  const outputs = Object.entries(template.Outputs).filter(
    ([, { Condition }]) => Condition === undefined || holds(Condition),
  );
  return {
    resources: Object.fromEntries(
      resources.map(([name, one]) => [name, { ...one, Properties: walk(one.Properties) as Fields }]),
    ),
    outputs: Object.fromEntries(outputs.map(([name, one]) => [name, String(walk(one.Value))])),
  };
}
