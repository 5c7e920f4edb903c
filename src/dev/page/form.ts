/** Creates the form: groups of fields, each with a label, help, controls and an error message. */
import { createElement, getElement } from './dom.ts';
import { type Field, groupFields, matchesSearch } from './fields.ts';
import { createControls, type OnChange } from './form-controls.ts';
import { createNeeds, type ServerNames } from './needs.ts';

type Options = Readonly<Record<string, string>>;

interface FormField {
  readonly field: Field;
  readonly element: HTMLElement;
  /** Shows the value of the parameter; without an effect, its controls are disabled, unless there is a value to clear. */
  readonly show: (options: Options, names: ServerNames) => void;
}

function createFormField(field: Field, onChange: OnChange): FormField {
  const { name, title, help, kind } = field;
  const attributes = { id: `p-${name}`, 'aria-describedby': `${name}-needs ${name}-help ${name}-error` };
  const { elements, show: showValue } = createControls(field, attributes, onChange);
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
  const needs = createNeeds(field, onChange);
  const parts = [label, helpButton, control, needs.element, helpText, error];
  const kinds = `field ${kind}${field.dependsOn ? ' dependent' : ''}`;
  const element = createElement('div', { class: kinds, 'data-name': name }, ...parts);
  const show = (options: Options, names: ServerNames) => {
    const value = options[name] ?? '';
    showValue(value);
    const isDisabled = !needs.update(options, names) && value === '';
    element.classList.toggle('off', isDisabled);
    for (const input of control.querySelectorAll<HTMLInputElement>('input, select, button'))
      input.disabled = isDisabled;
  };
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

/** Creates the form in the page. @returns a function that shows the options of a state in it, and the names that the server has */
export function createForm(properties: Readonly<Record<string, object>>, onChange: OnChange) {
  const groups = [...groupFields(properties)].map(([name, fields], i) => createGroup(name, fields, onChange, i === 0));
  getElement('groups').replaceChildren(...groups.map(({ element }) => element));
  const search = getElement<HTMLInputElement>('search');
  search.addEventListener('input', () => filterGroups(groups, search.value.trim()));
  return (options: Options, names: ServerNames) => {
    for (const { formFields, count } of groups) {
      for (const { show } of formFields) show(options, names);
      const setCount = formFields.filter(({ field }) => options[field.name] !== undefined).length;
      count.textContent = setCount ? `${setCount}` : '';
    }
  };
}
