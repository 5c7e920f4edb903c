/** Applies the stored theme before the first paint, so that the other one does not flash. Without one the system's theme applies. */
(() => {
  const STORAGE_KEY = 'pixgate-theme';
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const storedTheme = localStorage.getItem(STORAGE_KEY);
  if (storedTheme) root.dataset.theme = storedTheme;

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector<HTMLButtonElement>('#theme');
    const updateLabel = () => {
      if (button) button.textContent = isDark() ? 'Light' : 'Dark';
      button?.setAttribute('aria-label', `Change to the ${isDark() ? 'light' : 'dark'} theme`);
    };
    button?.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      localStorage.setItem(STORAGE_KEY, root.dataset.theme);
      updateLabel();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', updateLabel);
    updateLabel();
  });
})();
