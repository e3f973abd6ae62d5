/** Which language the page speaks: what was chosen here before, or the first of the browser's that we have. */

export const kLanguages = ['en', 'de'] as const;
export type Language = (typeof kLanguages)[number];

const kStored = 'fermata.language';
const isLanguage = (value: string | null): value is Language => value === 'en' || value === 'de';

export function preferredLanguage(stored: string | null, browser: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  for (const tag of browser) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

let language: Language = 'en';
export const currentLanguage = (): Language => language;

export function startLanguage(): Language {
  language = preferredLanguage(localStorage.getItem(kStored), navigator.languages);
  document.documentElement.lang = language;
  return language;
}

export function chooseLanguage(chosen: Language): void {
  language = chosen;
  localStorage.setItem(kStored, chosen);
  document.documentElement.lang = chosen;
}
