/** The playground: its state, and who is told when it changes. Everything else is in the files beside this one. */
import schema from '../../../schemas/query.json' with { type: 'json' };
import { clearFaults, factsCard, markFaults, problemCard, textCard } from './cards.ts';
import { find, make } from './dom.ts';
import { showSnippets, showWidths } from './embed-code.ts';
import { drawForm } from './form.ts';
import { keepKey, keyFor, listenToPicker, START, showPicker, visibleAddress } from './picker.ts';
import { showCard, showOriginal, showProgress, showResult } from './preview.ts';
import { type Answer, ask, formatName } from './response.ts';
import { addressOf, type Known } from './snippets.ts';
import { readState, type State, writeState } from './state.ts';
import { announce, clearFigures, type Source, showFigures, showSource, showTiming } from './statistics.ts';

/** Milliseconds of quiet before a change is asked for, and in which further changes are one step of Back. */
const QUIET = 200;
const ONE_STEP = 1500;

let state = START;
let known: Known = {};
let source: Source = {};
let sourceOf = '';
let work = new AbortController();

/** Asks what the source is, once for each. */
async function lookAtSource(key: string, signal: AbortSignal): Promise<void> {
  const of = [state.base, key, state.u].join(' ');
  if (sourceOf !== of) {
    showOriginal(visibleAddress(state.u));
    const answer = await ask(addressOf({ ...state, options: { f: 'json' } }, key), signal);
    const isFact = answer.kind === 'text' && answer.type === 'application/json';
    sourceOf = isFact ? of : '';
    source = isFact ? JSON.parse(answer.text) : {};
    showSource(source);
  }
  known = { ...known, sourceWidth: source.width, alpha: source.alpha };
}

const isThere = <Value>(value: Value | undefined): value is Value => value !== undefined;

async function showAnswer(answer: Answer, signal: AbortSignal): Promise<void> {
  if (answer.kind === 'problem') {
    showCard(problemCard(answer.problem), 'problem');
    markFaults(answer.problem);
    clearFigures();
    return announce(`${answer.problem.title}: ${answer.problem.detail}`);
  }
  if (answer.kind === 'text') {
    const name = state.options.encoding ?? state.options.f ?? '';
    showCard(answer.type === 'application/json' ? factsCard(answer.text) : textCard(name, answer.text), 'text');
    clearFigures();
    return announce(`Answer: ${answer.text.slice(0, 200)}`);
  }
  const size = await showResult(answer.blob, Number(state.options.dpr) || 1, signal);
  if (signal.aborted) return;
  known = { ...known, width: size?.width, height: size?.height };
  const format = formatName(answer.type);
  const unseen = make('div', {}, make('h2', {}, `The ${format} is made, and this browser does not show it.`));
  showCard(isThere(size) ? undefined : unseen, 'text');
  showFigures(source, answer.blob.size, isThere(size) ? `${size.width} × ${size.height} ${format}` : format);
}

async function refresh(): Promise<void> {
  work.abort();
  work = new AbortController();
  const { signal } = work;
  const key = keyFor(state.base);
  showProgress(true);
  try {
    // A saving needs both sizes.
    const [answer] = await Promise.all([ask(addressOf(state, key), signal), lookAtSource(key, signal)]);
    clearFaults();
    showTiming(answer);
    await showAnswer(answer, signal);
    if (signal.aborted) return;
    showSnippets(state, key, known);
    if (answer.kind === 'picture') showWidths(state, key, known, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (!signal.aborted) showProgress(false);
  }
}

const showOptions = drawForm(schema.properties, (name, value) => {
  const { [name]: _, ...others } = state.options;
  change({ ...state, options: value === '' ? others : { ...others, [name]: value } }, name);
});

function show(): void {
  showPicker(state);
  showOptions(state.options);
  showSnippets(state, keyFor(state.base), known);
}

let timer = 0;
let last = { what: '', at: 0, isNew: false };
/** Changes of one field soon after each other are one step of Back. */
function change(next: State, what: string): void {
  const isOneStep = what === last.what && Date.now() - last.at < ONE_STEP;
  last = { what, at: Date.now(), isNew: last.isNew || !isOneStep };
  if (next.u !== state.u || next.base !== state.base) known = {};
  state = next;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const hash = writeState(state, START);
    if (hash !== location.hash) history[last.isNew ? 'pushState' : 'replaceState'](null, '', hash);
    last.isNew = false;
    refresh();
  }, QUIET);
  show();
}

/** At the start, and when Back, Forward or an edited address changes it. */
function readAddress(): void {
  clearTimeout(timer);
  const found = readState(location.hash, START);
  state = found.state;
  known = {};
  if (found.key !== undefined) {
    keepKey(state.base, found.key);
    history.replaceState(null, '', writeState(state, START));
  }
  show();
  refresh();
}

listenToPicker(() => state, change);
find('reset').addEventListener('click', () => change({ ...state, options: START.options }, 'reset'));
find('controls').addEventListener('submit', (event) => event.preventDefault());
addEventListener('popstate', readAddress);
readAddress();
