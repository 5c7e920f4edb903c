/** Runs before anything is painted, so that a chosen theme does not flash in. Until one is chosen the system's counts. */
(() => {
  const NAME = 'pixgate-theme';
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const chosen = localStorage.getItem(NAME);
  if (chosen) root.dataset.theme = chosen;

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector<HTMLButtonElement>('#theme');
    const tell = () => {
      if (button) button.textContent = isDark() ? 'Light' : 'Dark';
      button?.setAttribute('aria-label', `Change to the ${isDark() ? 'light' : 'dark'} theme`);
    };
    button?.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      localStorage.setItem(NAME, root.dataset.theme);
      tell();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
    tell();
  });
})();
