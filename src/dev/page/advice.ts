/** What to do after an error, from its section in the documentation. */

/** The page of all codes; a section of it has the code in lower case as its id. */
const ERRORS_PAGE = '/docs/errors';

export const errorLink = (code: string): string => `${ERRORS_PAGE}#${code.toLowerCase()}`;

let page: Promise<Document> | undefined;

/** Fetches the page at the first error. */
async function fetchPage(): Promise<Document> {
  const response = await fetch(ERRORS_PAGE);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Returns the elements below the heading of a section. */
function sectionOf(errorsPage: Document, code: string): Element[] {
  const elements: Element[] = [];
  let element = errorsPage.getElementById(code.toLowerCase())?.nextElementSibling;
  for (; element && element.tagName !== 'H2'; element = element.nextElementSibling) elements.push(element);
  return elements;
}

/** Returns the nodes after the first colon of an item: `*it refused the connection*: the server is down`. */
function afterColon(item: Element): Node[] {
  const nodes = [...item.childNodes];
  const at = nodes.findIndex((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.includes(':'));
  const text = nodes[at]?.textContent?.replace(/^[^:]*:\s*/, '') ?? '';
  return [new Text(text.charAt(0).toUpperCase() + text.slice(1)), ...nodes.slice(at + 1)];
}

/**
 * Returns the advice for an error. A list in the section has items for sentences of `detail`, in italics.
 *
 * @returns nodes with code and links; none if the documentation has none for this code
 */
export async function adviceFor(code: string, detail: string): Promise<Node[]> {
  // A failed request is sent again at the next error.
  page ??= fetchPage().catch((error) => {
    page = undefined;
    throw error;
  });
  const section = sectionOf(await page, code);
  const fix = section.find((element) => element.querySelector('strong')?.textContent === 'Fix.');
  const items = section.flatMap((element) => (element.tagName === 'UL' ? [...element.children] : []));
  if (!items.length) return fix ? [...fix.childNodes].slice(1).map((node) => document.importNode(node, true)) : [];
  const item = items.find(({ children }) =>
    [...children].some(({ tagName, textContent }) => tagName === 'EM' && detail.includes(textContent)),
  );
  return item ? afterColon(document.importNode(item, true)) : [];
}
