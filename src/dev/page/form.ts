/** Creates the form: groups of fields, each with a label, help, controls and an error message. */
import { createElement, getElement } from './dom.ts';
import { type Field, groupFields, matchesSearch } from './fields.ts';
import { createControls, type OnChange } from './form-controls.ts';

interface FormField {
  readonly field: Field;
  readonly element: HTMLElement;
  /** Shows a value; empty if the parameter is unset. */
  readonly show: (value: string) => void;
}

function createFormField(field: Field, onChange: OnChange): FormField {
  const { name, title, help, kind } = field;
  const attributes = { id: `p-${name}`, 'aria-describedby': `${name}-help ${name}-error` };
  const { elements, show } = createControls(field, attributes, onChange);
  const helpParts = help.split('`').map((part, i) => (i % 2 ? createElement('code', {}, part) : part));
  const helpText = createElement('p', { class: 'help', id: `${name}-help`, hidden: true }, ...helpParts);
  const helpButton = createElement(
    'button',
    { type: 'button', class: 'about', 'aria-expanded': 'false', 'aria-controls': `${name}-help` },
    '?',
  );
  helpButton.setAttribute('aria-label', `About ${title}`);
  helpButton.addEventListener('click', () => {
    helpText.hidden = !helpText.hidden;
    helpButton.setAttribute('aria-expanded', String(!helpText.hidden));
  });
  const label = createElement('label', { for: `p-${name}` }, title, ' ', createElement('code', {}, name));
  const control = createElement('div', { class: 'control' }, ...elements);
  const error = createElement('p', { class: 'error', id: `${name}-error`, hidden: true });
  const parts = [label, helpButton, control, helpText, error];
  const element = createElement('div', { class: `field ${kind}`, 'data-name': name }, ...parts);
  return { field, element, show };
}

interface Group {
  readonly element: HTMLDetailsElement;
  readonly formFields: readonly FormField[];
  /** Shows how many parameters of the group are set. */
  readonly count: HTMLElement;
}

function createGroup(name: string, fields: readonly Field[], onChange: OnChange, open: boolean): Group {
  const formFields = fields.map((field) => createFormField(field, onChange));
  const count = createElement('span', { class: 'count' });
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const element = createElement('details', { open }, createElement('summary', {}, title, count));
  element.append(...formFields.map((formField) => formField.element));
  return { element, formFields, count };
}

/** Hides the fields that do not match, and opens the groups of those that do. An empty search restores the form. */
function filterGroups(groups: readonly Group[], search: string): void {
  for (const [i, { element, formFields }] of groups.entries()) {
    for (const formField of formFields)
      formField.element.hidden = search !== '' && !matchesSearch(formField.field, search);
    element.hidden = formFields.every((formField) => formField.element.hidden);
    element.open = search ? !element.hidden : i === 0;
  }
  getElement('no-match').hidden = groups.some(({ element }) => !element.hidden);
}

/** Creates the form in the page. @returns a function that shows the options of a state in it */
export function createForm(properties: Readonly<Record<string, object>>, onChange: OnChange) {
  const groups = [...groupFields(properties)].map(([name, fields], i) => createGroup(name, fields, onChange, i === 0));
  getElement('groups').append(...groups.map(({ element }) => element));
  const search = getElement<HTMLInputElement>('search');
  search.addEventListener('input', () => filterGroups(groups, search.value.trim()));
  return (options: Readonly<Record<string, string>>) => {
    for (const { formFields, count } of groups) {
      for (const { field, show } of formFields) show(options[field.name] ?? '');
      const setCount = formFields.filter(({ field }) => options[field.name] !== undefined).length;
      count.textContent = setCount ? `${setCount}` : '';
    }
  };
}
