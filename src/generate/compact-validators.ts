/** Makes Ajv's standalone code smaller, since Lambda loads it at each cold start: what nothing reads is left out. Pure. */

/** The parameters of an error that are read: the name in the error of a property that is missing or unknown. */
const READ_PARAMS = /^\{(?:missing|additional)Property: [^,]*\}$/;

/** Appends an error, or one of a property of the root. In Ajv's code, the keyword is the last segment of the schema's path. */
const ADD_ERROR = `const addError = (errors, instancePath, schemaPath, params = {}) => {
const error = {instancePath,schemaPath,keyword:schemaPath.slice(schemaPath.lastIndexOf("/") + 1),params};
if(errors === null) return [error];
errors.push(error);
return errors;
};
const addPropertyError = (errors, instancePath, name, keyword) => addError(errors, instancePath + "/" + name, "#/properties/" + name + "/" + keyword);`;

/** Calls a function for each error instead of a literal and two branches. @throws Error if the keyword is not in the path */
function compactErrors(code: string): string {
  return code.replaceAll(
    /const (err\d+) = \{instancePath(?::(.+?))?,schemaPath:"([^"]+)",keyword:"(\w+)",params:(.*)\};\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g,
    (_, _name, instancePath: string | undefined, schemaPath: string, keyword: string, params: string) => {
      if (!schemaPath.endsWith(`/${keyword}`))
        throw new Error(`The path of an error must end in ${keyword}: ${schemaPath}`);
      const name = /^instancePath\+"\/(\w+)"$/.exec(instancePath ?? '')?.[1];
      if (name && schemaPath === `#/properties/${name}/${keyword}`)
        return `vErrors = addPropertyError(vErrors,instancePath,"${name}","${keyword}");\nerrors++;`;
      const read = READ_PARAMS.test(params) ? `,${params}` : '';
      return `vErrors = addError(vErrors,${instancePath ?? 'instancePath'},"${schemaPath}"${read});\nerrors++;`;
    },
  );
}

/** Writes the checks of numbers as the functions that do the same. */
const compactNumbers = (code: string): string =>
  code
    .replaceAll(
      /\(\(typeof (\w+(?:\.\w+)?) == "number"\) && \(!\(\1 % 1\) && !isNaN\(\1\)\)\) && \(isFinite\(\1\)\)/g,
      'Number.isInteger($1)',
    )
    .replaceAll(/\(typeof (\w+(?:\.\w+)?) == "number"\) && \(isFinite\(\1\)\)/g, 'Number.isFinite($1)');

/** Replaces each schema by the set of its properties' names, which the check for unknown ones reads. */
function compactSchemas(code: string): string {
  return code
    .replaceAll(/^const (schema\d+) = (\{.*\});$/gm, (_, name: string, json: string) => {
      const schema = JSON.parse(json);
      const { properties } = schema.items ?? schema;
      return `const ${name} = /* @__PURE__ */ new Set(${JSON.stringify(Object.keys(properties))});`;
    })
    .replaceAll(/\w+\.call\((schema\d+)(?:\.items)?\.properties, (\w+)\)/g, '$1.has($2)');
}

/**
 * Returns the code with the same results, except for the parameters of errors: only the name of a missing or an unknown property
 * is there. A bundler can leave out the validators that are not used.
 *
 * @param code of Ajv's `standaloneCode`, with `lines`
 * @throws Error if the code has a form that this does not know
 */
export function compactValidators(code: string): string {
  const compact = compactSchemas(compactNumbers(compactErrors(code)))
    .replaceAll('= new RegExp(', '= /* @__PURE__ */ new RegExp(')
    .replaceAll(/^const func\d+ = Object\.prototype\.hasOwnProperty;\n/gm, '');
  // An error of `not` is empty, and removed again.
  const unknown = /.*(?:const err\d+ = \{[^}]|schema\d+\.(?!has\()|\bfunc\d+).*/.exec(compact);
  if (unknown) throw new Error(`The code of Ajv has an unknown form: ${unknown[0]}`);
  return `${ADD_ERROR}\n${compact}`;
}
