/** Resolves prefixes (Namespaces in XML 1.0), with the two that many files use and do not declare. */

export const SVG = 'http://www.w3.org/2000/svg';
export const XLINK = 'http://www.w3.org/1999/xlink';
export const XML = 'http://www.w3.org/XML/1998/namespace';
export const XINCLUDE = 'http://www.w3.org/2001/XInclude';
export const XHTML = 'http://www.w3.org/1999/xhtml';

/** Namespaces by prefix; the default one by the empty string. An element inherits those around it by its prototype. */
export type Namespaces = Readonly<Record<string, string>>;

/** Without a default namespace, elements count as SVG: librsvg and other programs draw such files. */
export const PREDECLARED: Namespaces = Object.assign(Object.create(null), {
  '': SVG,
  svg: SVG,
  xlink: XLINK,
  xml: XML,
});

/** Returns the namespaces in an element with these attributes. */
export function namespacesIn(outer: Namespaces, attributes: Readonly<Record<string, string>>): Namespaces {
  let inner: Record<string, string> | undefined;
  for (const [name, value] of Object.entries(attributes)) {
    const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice(6) : undefined;
    if (prefix === undefined) continue;
    inner ??= Object.create(outer) as Record<string, string>;
    inner[prefix] = value.trim();
  }
  return inner ?? outer;
}

/** Splits a name into its local part and its namespace: undefined if its prefix is not declared, empty for an attribute without a prefix. */
export function resolveName(
  name: string,
  namespaces: Namespaces,
  isAttribute: boolean,
): { readonly local: string; readonly namespace: string | undefined } {
  const colon = name.indexOf(':');
  if (colon < 0) return { local: name, namespace: isAttribute ? '' : namespaces[''] };
  return { local: name.slice(colon + 1), namespace: namespaces[name.slice(0, colon)] };
}
