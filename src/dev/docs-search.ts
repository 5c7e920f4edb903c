/** The index of the documentation's search. */
import querySchema from '../../schemas/query.json' with { type: 'json' };
import type { DocumentedProperty } from '../schema.ts';
import { anchor } from './docs-layout.ts';

/** A page of the documentation: its paths in the repository and on the site. */
export interface Page {
  readonly path: string;
  readonly sitePath: string;
  readonly markdown: string;
  readonly title: string;
}

/** Words by which the search finds each group of parameters. */
const SYNONYMS: Readonly<Record<string, string>> = Object.fromEntries(
  [...Map.groupBy(Object.values(querySchema.properties) as DocumentedProperty[], ({ group = '' }) => group)].map(
    ([group, properties]) => [group, [...new Set(properties.flatMap(({ synonyms = [] }) => synonyms))].join(', ')],
  ),
);

/** The text of a page by section, for the search. */
export const searchEntries = ({ path, title, sitePath, markdown }: Page) =>
  markdown.split(/^(?=#{2,3} )/m).map((part) => {
    const [, heading = ''] = /^#{2,3} (.*)$/m.exec(part) ?? [];
    return {
      url: heading ? `${sitePath}#${anchor(heading)}` : sitePath,
      title: heading ? `${title}: ${heading.replaceAll('`', '')}` : title,
      text: part.replaceAll(/^#+ .*$|<[^>]*>|[`*|]|\]\([^)]*\)|\[/gm, ' ').replaceAll(/\s+/g, ' '),
      ...(path.endsWith('/parameters.md') && { synonyms: SYNONYMS[heading.toLowerCase()] }),
    };
  });
