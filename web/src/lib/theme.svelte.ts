import { store, stored } from './prefs';

export type Theme = 'dark' | 'light';

function first(): Theme {
  const kept = stored('theme', '');
  if (kept === 'dark' || kept === 'light') return kept;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

let theme = $state<Theme>(first());
let revision = $state(0);
document.documentElement.dataset.theme = theme;

export const themeNow = (): Theme => theme;
/** Changes when colours read from the style sheet have to be read again. */
export const themeRevision = (): number => revision;

export function turnTheme(): void {
  theme = theme === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  store('theme', theme);
  revision += 1;
}
