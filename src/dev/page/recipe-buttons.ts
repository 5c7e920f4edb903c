/** Listens to the buttons of the recipes, and shows the explanation of the one that is in use. */
import { getElement } from './dom.ts';
import { RECIPES } from './recipes.ts';

type Options = Readonly<Record<string, string>>;

const isEqual = (one: Options, other: Options) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);

/** Listens. @param onChoose called with all options @returns a function that shows which recipe the options are */
export function createRecipeButtons(onChoose: (options: Options) => void): (options: Options) => void {
  const explanation = getElement('recipe-explanation');
  const hint = explanation.textContent ?? '';
  const buttons = getElement('recipe-buttons').querySelectorAll('button');
  for (const [i, { options }] of RECIPES.entries()) buttons[i]?.addEventListener('click', () => onChoose(options));
  return (options) => {
    for (const [i, recipe] of RECIPES.entries())
      buttons[i]?.setAttribute('aria-pressed', String(isEqual(recipe.options, options)));
    explanation.textContent = RECIPES.find((recipe) => isEqual(recipe.options, options))?.explanation ?? hint;
  };
}
