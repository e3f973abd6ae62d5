import type { Language } from './language';

interface Forms { one: string; other: string }

/** "# study" or "# studies" with the number in place of "#". English and German have these two forms. */
export function pluralizer(language: Language) {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n: number, forms: Forms): string =>
    (rules.select(n) === 'one' ? forms.one : forms.other).replace('#', numbers.format(n));
}
