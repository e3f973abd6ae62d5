/** Gives components the dictionary and the formats of the chosen language. */

import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { patiently } from '../app/patiently';
import type { Messages } from './en';
import { formatFor, type Format } from './format';
import { chooseLanguage, type Language } from './language';

const loaders: Record<Language, () => Promise<Messages>> = {
  de: () => import('./de').then(module => module.de),
  en: () => import('./en').then(module => module.en),
};
export const loadMessages = (language: Language): Promise<Messages> => patiently(loaders[language])();

interface Text { t: Messages; f: Format; language: Language; setLanguage: (language: Language) => Promise<void> }
const TextContext = createContext<Text | null>(null);

export function TextProvider({ first, children }: { first: { language: Language; messages: Messages }; children: ReactNode }) {
  const [chosen, setChosen] = useState(first);
  const text = useMemo<Text>(() => ({
    t: chosen.messages,
    f: formatFor(chosen.language),
    language: chosen.language,
    setLanguage: async language => {
      const messages = await loadMessages(language);
      chooseLanguage(language);
      setChosen({ language, messages });
    },
  }), [chosen]);
  return <TextContext value={text}>{children}</TextContext>;
}

export function useText(): Text {
  const text = use(TextContext);
  if (!text) throw new Error('useText outside of TextProvider');
  return text;
}
