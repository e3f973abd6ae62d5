/** Light or dark: like the system, unless chosen otherwise here. */

export const kThemes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof kThemes)[number];

const kStored = 'fermata.theme';

export function theme(): Theme {
  const stored = localStorage.getItem(kStored);
  return kThemes.find(known => known === stored) ?? 'system';
}

export function startTheme(): void {
  const chosen = theme();
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(kStored, chosen);
  startTheme();
}
