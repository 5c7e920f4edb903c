/** The card of an error: what is wrong, buttons that change it, and the advice of the documentation. */
import { adviceFor, errorLink } from './advice.ts';
import { needsOf } from './dependencies.ts';
import { createElement, getElement } from './dom.ts';
import type { OnChange } from './form-controls.ts';
import type { Problem } from './response.ts';

/** Codes of this page, which the documentation does not have. */
const OWN_CODES = ['UNREACHABLE', 'NOT_PIXGATE'];

/** Returns a button that opens the server's settings at one of its inputs. */
function serverButton(text: string, inputId: string): HTMLElement {
  const button = createElement('button', { type: 'button', class: 'quiet' }, text);
  button.addEventListener('click', () => {
    getElement<HTMLDetailsElement>('server').open = true;
    getElement(inputId).focus();
  });
  return button;
}

/** Returns a button that sets a parameter; with an empty value, one that removes it. */
function changeButton(name: string, value: string, onChange: OnChange): HTMLElement {
  const [verb, text] = value ? ['Set ', `${name}=${value}`] : ['Remove ', name];
  const button = createElement('button', { type: 'button', class: 'quiet' }, verb, createElement('code', {}, text));
  button.addEventListener('click', () => onChange(name, value));
  return button;
}

type Options = Readonly<Record<string, string>>;

/** Returns what changes the request: a button for each need that is not met, and one that removes each invalid parameter. */
function actionsFor({ code, errors = [] }: Problem, options: Options, onChange: OnChange): HTMLElement[] {
  if (OWN_CODES.includes(code)) return [serverButton('Change the server', 'base')];
  if (code === 'UNAUTHORIZED') return [serverButton('Enter a key', 'key')];
  const needs = errors.flatMap(({ detail }) => needsOf(/^\w+ needs (\S.*)$/.exec(detail)?.[1] ?? ''));
  const removable = errors.map(({ parameter }) => parameter).filter((name) => options[name] !== undefined);
  return [
    ...needs.flatMap(({ name, value }) => (value === undefined ? [] : [changeButton(name, value, onChange)])),
    ...[...new Set(removable)].map((name) => changeButton(name, '', onChange)),
  ];
}

/**
 * Returns the card of an error.
 *
 * @param options those of the request
 * @param onChange called by the buttons
 */
export function problemCard(problem: Problem, options: Options, onChange: OnChange): HTMLElement {
  const { title, status, code, detail, errors = [] } = problem;
  const heading = createElement('h2', {}, title, ' ', createElement('code', {}, status ? `${status} ${code}` : code));
  // A single error has the same text as the detail.
  const items = errors.length > 1 ? errors.map((error) => createElement('li', {}, error.detail)) : [];
  const body = items.length ? createElement('ul', {}, ...items) : createElement('p', {}, detail);
  const card = createElement('div', { class: 'problem' }, heading, body);
  const actions = actionsFor(problem, options, onChange);
  if (actions.length) card.append(createElement('p', { class: 'actions' }, ...actions));
  if (OWN_CODES.includes(code)) return card;
  const link = createElement('a', { href: errorLink(code) }, `About ${code}`);
  card.append(link);
  // The buttons are the next step: the advice is for all invalid queries.
  if (code === 'QUERY_INVALID' && actions.length) return card;
  adviceFor(code, detail)
    .then((nodes) => {
      if (nodes.length) link.before(createElement('p', {}, createElement('b', {}, 'Next step: '), ...nodes));
    })
    // Without the documentation, the link remains.
    .catch(() => {});
  return card;
}
