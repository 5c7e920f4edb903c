/** Finds and creates elements. */

/** Returns the element of page.html with this id. @throws Error if there is none */
export function getElement<Element extends HTMLElement = HTMLElement>(id: string): Element {
  const element = document.getElementById(id);
  if (!element) throw new Error(`page.html has no #${id}`);
  return element as Element;
}

/**
 * Creates an element. Strings among the children become text nodes, never HTML.
 *
 * @param attributes `true` sets one without a value, `false` omits it
 */
export function createElement<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  element.append(...children);
  return element;
}

/** Creates a read-only text that can be focused and scrolled by keyboard, and so selected without the copy button. */
export const readOnlyText = (label: string, attributes: Readonly<Record<string, string>> = {}, ...text: string[]) =>
  createElement(
    'div',
    { class: 'code', role: 'textbox', 'aria-readonly': 'true', tabindex: '0', 'aria-label': label, ...attributes },
    ...text,
  );

/** Makes a button copy a text, and announce the success or failure for 1.5 s. */
export function copyButton(
  label: string,
  getText: () => string,
  button = createElement('button', { type: 'button' }, 'Copy'),
) {
  button.className = 'copy';
  button.setAttribute('aria-label', `Copy: ${label}`);
  let timer = 0;
  button.addEventListener('click', async () => {
    const isCopied = await navigator.clipboard?.writeText(getText()).then(
      () => true,
      () => false,
    );
    button.textContent = isCopied ? 'Copied' : 'Select it';
    getElement('copied').textContent = isCopied
      ? `Copied: ${label}`
      : 'The browser denied access to the clipboard. Select the text and copy it.';
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
  return button;
}

/** Returns the nodes of a URL with its parameter names in bold. */
export function highlightUrl(url: string): Node[] {
  const [base = '', query = ''] = url.split('?');
  const pairs = query.split('&').flatMap((pair, i) => {
    const [name = '', value = ''] = pair.split('=');
    return [i ? '&' : '?', createElement('b', {}, name), `=${value}`];
  });
  return [base, ...pairs].map((part) => (typeof part === 'string' ? document.createTextNode(part) : part));
}
