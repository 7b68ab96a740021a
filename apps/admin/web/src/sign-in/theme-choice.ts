/** Where the app's components keep what was chosen. */
const STORED_THEME = 'mantine-color-scheme-value';

/** Applies the theme that was chosen in this browser, and what is chosen now: `auto` is what the system has. */
export function followTheme(choice: HTMLSelectElement): void {
  const apply = (): void => {
    document.documentElement.dataset['theme'] = choice.value;
  };
  const stored = localStorage.getItem(STORED_THEME);
  choice.value = stored === 'light' || stored === 'dark' ? stored : 'auto';
  apply();
  choice.addEventListener('change', () => {
    localStorage.setItem(STORED_THEME, choice.value);
    apply();
  });
}
