/** The form's elements: one field for each parameter, drawn from its description in fields.ts. */
import { find, make } from './dom.ts';
import { type Field, groupsOf, isAbout, toColourInput } from './fields.ts';

/** Tells that a parameter was given another value; empty for none. */
type Change = (name: string, value: string) => void;

interface Drawn {
  readonly field: Field;
  readonly element: HTMLElement;
  /** Shows a value; empty where none is given. */
  readonly show: (value: string) => void;
}

const colourOf = (text: string): string => {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return '#000000';
  context.fillStyle = text;
  return String(context.fillStyle);
};

function drawSelect({ name, choices, default: value }: Field, attributes: Record<string, string>, change: Change) {
  const empty = make('option', { value: '' }, value ? `${value} (default)` : '–');
  const options = choices
    .filter((choice) => choice !== value)
    .map((choice) => make('option', { value: choice }, choice));
  const select = make('select', attributes, empty, ...options);
  select.addEventListener('change', () => change(name, select.value));
  const show = (given: string) => {
    select.value = given === value ? '' : given;
    // A value that is none of the choices came with the address: the API will tell.
    if (select.value !== given && given !== value)
      select.append(make('option', { value: given, selected: true }, given));
  };
  return { parts: [select], show };
}

function drawSwitch({ name }: Field, attributes: Record<string, string>, change: Change) {
  const box = make('input', { ...attributes, type: 'checkbox', role: 'switch' });
  box.addEventListener('change', () => change(name, box.checked ? '1' : ''));
  const show = (given: string) => {
    box.checked = given !== '' && !/^(0|false)$/.test(given);
  };
  return { parts: [box], show };
}

/** A text, and for a range or a colour a second control that writes into it. */
function drawText(field: Field, attributes: Record<string, string>, change: Change) {
  const { name, title, unit, scale, kind, default: value } = field;
  const isNumber = kind === 'slider' || kind === 'number';
  const text = make('input', {
    ...attributes,
    type: 'text',
    placeholder: value || (isNumber ? '' : kind === 'colour' ? 'name or RRGGBB' : '–'),
    ...(isNumber && { class: 'short', inputmode: 'text' }),
    spellcheck: 'false',
  });
  text.addEventListener('input', () => {
    place(text.value);
    change(name, text.value.trim());
  });
  const second =
    scale && make('input', { type: 'range', min: '0', max: String(scale.steps), 'aria-label': `${title}, slider` });
  const swatch = kind !== 'colour' ? undefined : make('input', { type: 'color', 'aria-label': `${title}, choose` });
  const place = (given: string) => {
    if (second && scale) {
      const number = Number.parseFloat(given || value);
      // What is being moved stays where the hand is: values are rounder than places.
      if (document.activeElement !== second || !given)
        second.value = String(scale.toPlace(Number.isNaN(number) ? scale.toValue(0) : number));
      second.setAttribute('aria-valuetext', given ? `${given} ${unit}` : 'not given');
      second.style.setProperty('--filled', given ? `${(Number(second.value) / scale.steps) * 100}%` : '0%');
    }
    if (swatch) swatch.value = toColourInput(given) ?? colourOf(given);
  };
  for (const control of [second, swatch])
    control?.addEventListener('input', () => {
      text.value = control === second && scale ? String(scale.toValue(Number(control.value))) : control.value.slice(1);
      change(name, text.value);
    });
  const clear = make('button', { type: 'button', class: 'clear', 'aria-label': `Clear ${title}` }, '×');
  clear.addEventListener('click', () => {
    show('');
    text.focus();
    change(name, '');
  });
  const show = (given: string) => {
    if (text.value.trim() !== given) text.value = given;
    place(given);
    clear.classList.toggle('off', given === '');
    for (const control of [second, swatch]) control?.classList.toggle('unset', given === '');
  };
  // × would look like the button.
  const symbol = unit && unit !== '×' ? [make('span', { class: 'unit', 'aria-hidden': 'true' }, unit)] : [];
  return { parts: [...(second ? [second] : []), ...(swatch ? [swatch] : []), text, ...symbol, clear], show };
}

function draw(field: Field, change: Change): Drawn {
  const { name, title, help, kind } = field;
  const attributes = { id: `p-${name}`, 'aria-describedby': `${name}-help ${name}-fault` };
  const drawControl = kind === 'select' ? drawSelect : kind === 'switch' ? drawSwitch : drawText;
  const { parts, show } = drawControl(field, attributes, change);
  const words = help.split('`').map((part, i) => (i % 2 ? make('code', {}, part) : part));
  const about = make('p', { class: 'help', id: `${name}-help`, hidden: true }, ...words);
  const ask = make(
    'button',
    { type: 'button', class: 'about', 'aria-expanded': 'false', 'aria-controls': `${name}-help` },
    '?',
  );
  ask.setAttribute('aria-label', `About ${title}`);
  ask.addEventListener('click', () => {
    about.hidden = !about.hidden;
    ask.setAttribute('aria-expanded', String(!about.hidden));
  });
  const label = make('label', { for: `p-${name}` }, title, ' ', make('code', {}, name));
  const control = make('div', { class: 'control' }, ...parts);
  const fault = make('p', { class: 'fault', id: `${name}-fault`, hidden: true });
  const element = make('div', { class: `field ${kind}`, 'data-name': name }, label, ask, control, about, fault);
  return { field, element, show };
}

/** Draws the form, and returns how to show a state's options in it. */
export function drawForm(properties: Readonly<Record<string, object>>, change: Change) {
  const groups = [...groupsOf(properties)].map(([name, fields], i) => {
    const drawn = fields.map((field) => draw(field, change));
    const count = make('span', { class: 'count' });
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const element = make('details', { open: i === 0 }, make('summary', {}, title, count));
    element.append(...drawn.map((one) => one.element));
    return { element, drawn, count };
  });
  find('groups').append(...groups.map(({ element }) => element));
  const search = find<HTMLInputElement>('search');
  search.addEventListener('input', () => {
    const wanted = search.value.trim();
    for (const [i, { element, drawn }] of groups.entries()) {
      for (const one of drawn) one.element.hidden = wanted !== '' && !isAbout(one.field, wanted);
      element.hidden = drawn.every((one) => one.element.hidden);
      element.open = wanted ? !element.hidden : i === 0;
    }
    find('none').hidden = groups.some(({ element }) => !element.hidden);
  });
  return (options: Readonly<Record<string, string>>) => {
    for (const { drawn, count } of groups) {
      for (const { field, show } of drawn) show(options[field.name] ?? '');
      const given = drawn.filter(({ field }) => options[field.name] !== undefined).length;
      count.textContent = given ? `${given}` : '';
    }
  };
}
