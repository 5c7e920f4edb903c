/** Shows a button for each recipe, and the explanation of the one that is in use. */
import { createElement, getElement } from './dom.ts';
import { RECIPES } from './recipes.ts';

type Options = Readonly<Record<string, string>>;

const isEqual = (one: Options, other: Options) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);

/** Creates the buttons. @param onChoose called with all options @returns a function that shows which recipe the options are */
export function createRecipeButtons(onChoose: (options: Options) => void): (options: Options) => void {
  const explanation = getElement('recipe-explanation');
  const hint = explanation.textContent ?? '';
  const buttons = RECIPES.map(({ title, options }) => {
    const button = createElement('button', { type: 'button', 'aria-describedby': explanation.id }, title);
    button.addEventListener('click', () => onChoose(options));
    return button;
  });
  getElement('recipe-buttons').append(...buttons);
  return (options) => {
    for (const [i, recipe] of RECIPES.entries())
      buttons[i]?.setAttribute('aria-pressed', String(isEqual(recipe.options, options)));
    explanation.textContent = RECIPES.find((recipe) => isEqual(recipe.options, options))?.explanation ?? hint;
  };
}
