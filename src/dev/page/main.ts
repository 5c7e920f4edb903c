/** START HERE. The playground: holds the state, requests the image, and updates the other modules. */
import schema from '../../../schemas/query.json' with { type: 'json' };
import { clearFieldErrors, infoCard, showFieldErrors, textCard } from './cards.ts';
import type { SourceInfo } from './comparison.ts';
import { withChange } from './dependencies.ts';
import { createElement, getElement } from './dom.ts';
import { showEditor } from './editor.ts';
import { showSnippets, showWidths } from './embed-code.ts';
import { createForm } from './form.ts';
import { showFormats } from './format-strip.ts';
import { type ImageInfo, imageUrl } from './image-urls.ts';
import { explainLostImage, listenToOwnImages, showOwnImages } from './own-images.ts';
import { browserUrl, INITIAL_STATE, keyFor, listenToPicker, namesOf, showPicker, storeKey } from './picker.ts';
import { restartAnimations, showCard, showOriginal, showOutput } from './preview.ts';
import { problemCard } from './problem-card.ts';
import { type Status, setStatus, showReceived } from './progress.ts';
import { createRecipeButtons } from './recipe-buttons.ts';
import { type ApiResponse, formatName, requestUrl } from './response.ts';
import { readState, type State, writeState } from './state.ts';
import { announce, clearStatistics, showSourceInfo, showStatistics, showTiming } from './statistics.ts';
import { hideReasons, offerReasons } from './why.ts';
import { listenToZoom } from './zoom.ts';

/** Milliseconds without a change before a request is sent. */
const DEBOUNCE_MS = 200;
/** Maximum milliseconds between changes of one field that are one entry of the browser's history. */
const HISTORY_MERGE_MS = 1500;

let state = INITIAL_STATE;
let imageInfo: ImageInfo = {};
let sourceInfo: SourceInfo = {};
/** The server, key and source of `sourceInfo`. */
let sourceInfoKey = '';
let abortController = new AbortController();

/** Starts an animation again in both halves: one of them was loaded earlier, or has played already. */
function playTogether(): void {
  if ((sourceInfo.pages ?? 1) > 1) restartAnimations();
}

/** Requests the source's metadata, if the source has changed. */
async function updateSourceInfo(key: string, signal: AbortSignal): Promise<void> {
  const infoKey = [state.base, key, state.u].join(' ');
  if (sourceInfoKey !== infoKey) {
    showOriginal(browserUrl(state.u)).then(playTogether);
    const response = await requestUrl(imageUrl({ ...state, options: { f: 'json' } }, key), signal);
    const isInfo = response.kind === 'text' && response.type === 'application/json';
    sourceInfoKey = isInfo ? infoKey : '';
    sourceInfo = isInfo ? JSON.parse(response.text) : {};
    showSourceInfo(sourceInfo);
  }
  imageInfo = { ...imageInfo, sourceWidth: sourceInfo.width, alpha: sourceInfo.alpha };
}

async function showResponse(response: ApiResponse, signal: AbortSignal): Promise<void> {
  if (response.kind === 'problem') {
    showCard(problemCard(response.problem, state.options, changeOption), 'problem');
    showFieldErrors(response.problem);
    clearStatistics();
    explainLostImage(state, response.problem.code);
    return announce(`${response.problem.title}: ${response.problem.detail}`);
  }
  if (response.kind === 'text') {
    const name = state.options.encoding ?? state.options.f ?? '';
    const { width = 1, height = 1 } = sourceInfo;
    const isInfo = response.type === 'application/json';
    showCard(isInfo ? infoCard(response.text) : textCard(name, response.text, width / height), 'text');
    clearStatistics();
    return announce(`Response: ${response.text.slice(0, 200)}`);
  }
  const size = await showOutput(response.blob, Number(state.options.dpr) || 1, signal);
  if (signal.aborted) return;
  playTogether();
  imageInfo = { ...imageInfo, width: size?.width, height: size?.height };
  const format = formatName(response.type);
  const message = `The output is ${format}, which this browser does not display.`;
  showCard(size ? undefined : createElement('div', {}, createElement('h2', {}, message)), 'text');
  showStatistics(sourceInfo, { bytes: response.blob.size, type: response.type, size });
}

async function refresh(): Promise<void> {
  abortController.abort();
  abortController = new AbortController();
  const { signal } = abortController;
  const key = keyFor(state.base);
  let status: Status = 'problem';
  try {
    // Both are awaited: the saving needs the bytes of source and output.
    const [response] = await Promise.all([
      requestUrl(imageUrl(state, key), signal, showReceived),
      updateSourceInfo(key, signal),
    ]);
    clearFieldErrors();
    showTiming(response);
    await showResponse(response, signal);
    if (signal.aborted) return;
    if (response.kind !== 'problem') status = 'ready';
    showSnippets(state, key, imageInfo);
    showFormats(state, key, sourceInfo, setOptions);
    if (response.kind !== 'image') return hideReasons();
    showWidths(state, key, imageInfo, signal);
    offerReasons(state, key, response.type, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (!signal.aborted) setStatus(status);
  }
}

/** Sets a parameter, or unsets it with an empty value. */
const changeOption = (name: string, value: string): void =>
  setState({ ...state, options: withChange(state.options, name, value) }, name);

const showOptions = createForm(schema.properties, changeOption);

const setOptions = (options: State['options']) => setState({ ...state, options }, 'options');
const showRecipe = createRecipeButtons(setOptions);

function showState(): void {
  showPicker(state);
  showOwnImages(state);
  showOptions(state.options, namesOf(state.base));
  showRecipe(state.options);
  showEditor(state, keyFor(state.base), setOptions);
  showSnippets(state, keyFor(state.base), imageInfo);
  setStatus('loading');
}

let debounceTimer = 0;
let lastChange = { field: '', at: 0, isNewEntry: false };
/** Shows a new state, and requests it after the debounce. Quick changes of one field are one history entry. */
function setState(newState: State, field: string): void {
  const isMerged = field === lastChange.field && Date.now() - lastChange.at < HISTORY_MERGE_MS;
  lastChange = { field, at: Date.now(), isNewEntry: lastChange.isNewEntry || !isMerged };
  if (newState.u !== state.u || newState.base !== state.base) imageInfo = {};
  state = newState;
  clearTimeout(debounceTimer);
  debounceTimer = window.setTimeout(() => {
    const hash = writeState(state, INITIAL_STATE);
    if (hash !== location.hash) history[lastChange.isNewEntry ? 'pushState' : 'replaceState'](null, '', hash);
    lastChange.isNewEntry = false;
    refresh();
  }, DEBOUNCE_MS);
  showState();
}

/** Reads the state from the page's URL: at the start, and after Back, Forward or an edit of the URL. */
function loadState(): void {
  clearTimeout(debounceTimer);
  const { state: loaded, key } = readState(location.hash, INITIAL_STATE);
  state = loaded;
  imageInfo = {};
  if (key !== undefined) {
    storeKey(state.base, key);
    history.replaceState(null, '', writeState(state, INITIAL_STATE));
  }
  showState();
  refresh();
}

listenToPicker(() => state, setState);
listenToOwnImages(() => state, setState);
listenToZoom();
getElement('reset').addEventListener('click', () => setState({ ...state, options: INITIAL_STATE.options }, 'reset'));
getElement('controls').addEventListener('submit', (event) => event.preventDefault());
addEventListener('popstate', loadState);
loadState();
