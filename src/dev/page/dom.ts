/** Elements, found and made. */

/** The element with this id, which stands in page.html. */
export function find<Element extends HTMLElement = HTMLElement>(id: string): Element {
  const found = document.getElementById(id);
  if (!found) throw new Error(`page.html has no #${id}`);
  return found as Element;
}

/** An element with these attributes (`true` for a bare one, `false` for none) and children; texts stay texts. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
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

/** A text to copy by hand, too: it can be reached and moved by keys, however long it is. */
export const readOnly = (label: string, attributes: Readonly<Record<string, string>> = {}, ...text: string[]) =>
  make(
    'div',
    { class: 'code', role: 'textbox', 'aria-readonly': 'true', tabindex: '0', 'aria-label': label, ...attributes },
    ...text,
  );

/** A button that copies what `text` returns, and says that it did. */
export function copyButton(label: string, text: () => string, button = make('button', { type: 'button' }, 'Copy')) {
  button.className = 'copy';
  button.setAttribute('aria-label', `Copy: ${label}`);
  let timer = 0;
  button.addEventListener('click', async () => {
    const isDone = await navigator.clipboard?.writeText(text()).then(
      () => true,
      () => false,
    );
    button.textContent = isDone ? 'Copied' : 'Select it';
    find('copied').textContent = isDone
      ? `Copied: ${label}`
      : 'The browser did not let the page copy. Select the line.';
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
  return button;
}
