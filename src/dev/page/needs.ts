/** What keeps a field of the form from having an effect, in words, with a button for each way to change that. */
import { hasEffect, type Need, needsOf } from './dependencies.ts';
import { createElement } from './dom.ts';
import type { Field } from './fields.ts';
import type { OnChange } from './form-controls.ts';

/** Names that a server has, by the parameter that takes one: presets and marks. */
export type ServerNames = Readonly<Record<string, readonly string[]>>;

/** The setting of the names that a parameter takes. */
const SETTINGS: Readonly<Record<string, string>> = { p: 'PRESETS', mark: 'MARKS' };

const needText = ({ name, value }: Need) => (value === undefined ? name : `${name}=${value}`);

/** Focuses a field of the form. */
function goToField(name: string): void {
  const control = document.getElementById(`p-${name}`);
  const group = control?.closest('details');
  if (group) group.open = true;
  control?.focus();
}

/** Returns the button of a need: it sets the value; without one, it leads to the field. */
export function needButton(need: Need, onChange: OnChange, afterwards: () => void = () => {}): HTMLElement {
  const button = createElement('button', { type: 'button', class: 'need' }, needText(need));
  button.addEventListener('click', () => {
    if (need.value === undefined) return goToField(need.name);
    onChange(need.name, need.value);
    afterwards();
  });
  return button;
}

/** Joins nodes as in a sentence: `a, b or c`. */
const joined = (nodes: readonly Node[]): (Node | string)[] =>
  nodes.flatMap((node, i) => [i === 0 ? '' : i === nodes.length - 1 ? ' or ' : ', ', node]);

/** Returns what is missing for a field to have an effect, for its note; nothing if it has one. */
function missing(
  { name, dependsOn }: Field,
  options: Readonly<Record<string, string>>,
  names: ServerNames,
  onChange: OnChange,
): (Node | string)[] {
  if (names[name]?.length === 0)
    return ['This server has none: see ', createElement('code', {}, SETTINGS[name] ?? name), ' in the docs.'];
  if (dependsOn === undefined || hasEffect(name, options)) return [];
  return ['Needs ', ...joined(needsOf(dependsOn).map((need) => needButton(need, onChange, () => goToField(name))))];
}

/** Creates the note of a field. @returns it, and what updates it and tells whether the field has an effect */
export function createNeeds(field: Field, onChange: OnChange) {
  const element = createElement('p', { class: 'needs', id: `${field.name}-needs`, hidden: true });
  const update = (options: Readonly<Record<string, string>>, names: ServerNames): boolean => {
    const parts = missing(field, options, names, onChange);
    const offered = parts.length ? [] : (names[field.name] ?? []).filter((value) => value !== options[field.name]);
    const offers = offered.map((value) =>
      needButton({ name: field.name, value }, onChange, () => goToField(field.name)),
    );
    element.replaceChildren(...parts, ...(offers.length ? ['Of this server: ', ...joined(offers)] : []));
    element.hidden = element.childNodes.length === 0;
    return parts.length === 0;
  };
  return { element, update };
}
