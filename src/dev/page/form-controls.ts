/** Creates the controls of a field: a select, a switch, a date, or a text input with a slider or a colour input. */

import { SIZE_NAMES } from './dependencies.ts';
import { createElement } from './dom.ts';
import { type Field, toColourInput, toLocalTime, toUnixTime } from './fields.ts';

/** Called with the new value of a parameter; empty if it is unset. */
export type OnChange = (name: string, value: string) => void;

export interface Controls {
  readonly elements: readonly HTMLElement[];
  /** Shows a value; empty if the parameter is unset. */
  readonly show: (value: string) => void;
}

type CreateControls = (field: Field, attributes: Record<string, string>, onChange: OnChange) => Controls;

/** Converts a CSS colour to `#rrggbb`; black if it is not one. */
function cssColourToHex(text: string): string {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return '#000000';
  context.fillStyle = text;
  return String(context.fillStyle);
}

const createSelect: CreateControls = ({ name, choices, default: defaultValue }, attributes, onChange) => {
  const unset = createElement('option', { value: '' }, defaultValue ? `${defaultValue} (default)` : '–');
  const options = choices
    .filter((choice) => choice !== defaultValue)
    .map((choice) => createElement('option', { value: choice }, choice));
  const select = createElement('select', attributes, unset, ...options);
  select.addEventListener('change', () => onChange(name, select.value));
  const show = (value: string) => {
    select.value = value === defaultValue ? '' : value;
    // An invalid value of the page's URL becomes an option: the API reports the error.
    if (select.value !== value && value !== defaultValue)
      select.append(createElement('option', { value, selected: true }, value));
  };
  return { elements: [select], show };
};

const createSwitch: CreateControls = ({ name }, attributes, onChange) => {
  const checkbox = createElement('input', { ...attributes, type: 'checkbox', role: 'switch' });
  checkbox.addEventListener('change', () => onChange(name, checkbox.checked ? '1' : ''));
  const show = (value: string) => {
    checkbox.checked = value !== '' && !/^(0|false)$/.test(value);
  };
  return { elements: [checkbox], show };
};

/** Creates a date with a time. An invalid value of the page's URL is not shown: the API reports the error. */
const createTime: CreateControls = ({ name }, attributes, onChange) => {
  const input = createElement('input', {
    ...attributes,
    type: 'datetime-local',
    min: toLocalTime(String(Date.now() / 1000)),
  });
  input.addEventListener('change', () => onChange(name, toUnixTime(input.value)));
  const show = (value: string) => {
    if (document.activeElement !== input) input.value = toLocalTime(value);
  };
  return { elements: [input], show };
};

/** Returns whether a typed text is complete. An empty size is not: it is about to be replaced. Nor are names and URLs. */
function isComplete({ name, kind, choices, exampleValue, accepts }: Field, text: string): boolean {
  if (text === '') return !SIZE_NAMES.includes(name);
  if (kind === 'text' && !exampleValue) return false;
  if (kind !== 'colour') return accepts(text);
  return choices.includes(text) || toColourInput(text) !== undefined || CSS.supports('color', text);
}

function createTextInput(
  { kind, choices, exampleValue, default: defaultValue }: Field,
  attributes: Record<string, string>,
) {
  const isNumeric = kind === 'slider' || kind === 'number';
  return createElement('input', {
    ...attributes,
    type: 'text',
    placeholder:
      defaultValue ||
      (isNumeric ? '' : kind === 'colour' ? [...choices, 'name or RRGGBB'].join(', ') : exampleValue || '–'),
    ...(isNumeric && { class: 'short', inputmode: 'text' }),
    spellcheck: 'false',
  });
}

/** Creates a text input, and for a range or a colour a second control that writes into it. */
const createText: CreateControls = (field, attributes, onChange) => {
  const { name, title, unit, scale, kind, default: defaultValue } = field;
  const input = createTextInput(field, attributes);
  const sliderLabel = { 'aria-label': `${title}, slider` };
  const slider = scale && createElement('input', { type: 'range', min: '0', max: String(scale.steps), ...sliderLabel });
  const picker =
    kind === 'colour' ? createElement('input', { type: 'color', 'aria-label': `${title}, choose` }) : undefined;
  const clear = createElement('button', { type: 'button', class: 'clear', 'aria-label': `Clear ${title}` }, '×');
  const showSecond = (value: string) => {
    if (slider && scale) {
      const number = Number.parseFloat(value || defaultValue);
      // The focused slider is not moved: values are rounder than positions, and it would jump under the pointer.
      if (document.activeElement !== slider || !value)
        slider.value = String(scale.toPosition(Number.isNaN(number) ? scale.toValue(0) : number));
      slider.setAttribute('aria-valuetext', value ? `${value} ${unit}` : 'not set');
      slider.style.setProperty('--filled', value ? `${(Number(slider.value) / scale.steps) * 100}%` : '0%');
    }
    if (picker) picker.value = toColourInput(value) ?? cssColourToHex(value);
  };
  /** Whether the text is incomplete: until the input is left, it is not sent, and not replaced. */
  let isTyping = false;
  const show = (value: string) => {
    if (!isTyping && input.value.trim() !== value) input.value = value;
    showSecond(value);
    clear.classList.toggle('off', value === '');
    for (const control of [slider, picker]) control?.classList.toggle('unset', value === '');
  };
  input.addEventListener('input', () => {
    showSecond(input.value);
    isTyping = !isComplete(field, input.value.trim());
    if (!isTyping) onChange(name, input.value.trim());
  });
  // Also by Enter. The API reports the error.
  input.addEventListener('change', () => {
    if (!isTyping) return;
    isTyping = false;
    onChange(name, input.value.trim());
  });
  for (const control of [slider, picker])
    control?.addEventListener('input', () => {
      input.value = control === slider && scale ? String(scale.toValue(Number(control.value))) : control.value.slice(1);
      onChange(name, input.value);
    });
  clear.addEventListener('click', () => {
    isTyping = false;
    onChange(name, '');
    input.focus();
    input.select();
  });
  // The unit × is not shown: it looks like the button.
  const symbol = unit && unit !== '×' ? [createElement('span', { class: 'unit', 'aria-hidden': 'true' }, unit)] : [];
  return { elements: [...(slider ? [slider] : []), ...(picker ? [picker] : []), input, ...symbol, clear], show };
};

export const createControls: CreateControls = (field, attributes, onChange) => {
  const creators = { select: createSelect, switch: createSwitch, time: createTime };
  const create = field.kind in creators ? creators[field.kind as keyof typeof creators] : createText;
  return create(field, attributes, onChange);
};
