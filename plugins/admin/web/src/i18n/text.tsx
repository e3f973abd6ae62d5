/** Gives components the dictionary and the formats of the chosen language. */

import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { patiently } from '../app/patiently';
import type { Messages } from './en';
import { formatFor, type Format } from './format';
import { chooseLanguage, type Language } from './language';
import { sayer } from './said';

/** The page's own texts, and `say` for what the server says: see said.ts. */
interface Speech { messages: Messages; say: (text: string) => string }
export interface Spoken extends Speech { language: Language }

const loaders: Record<Language, () => Promise<Speech>> = {
  de: () => Promise.all([import('./de'), import('./said_de')]).then(([{ de }, { saidDe }]) => ({ messages: de, say: sayer(saidDe) })),
  en: () => import('./en').then(({ en }) => ({ messages: en, say: (text: string) => text })),
};
export const loadSpeech = (language: Language): Promise<Speech> => patiently(loaders[language])();

interface Text { t: Messages; f: Format; say: Speech['say']; language: Language; setLanguage: (language: Language) => Promise<void> }
const TextContext = createContext<Text | null>(null);

export function TextProvider({ first, children }: { first: Spoken; children: ReactNode }) {
  const [chosen, setChosen] = useState(first);
  const text = useMemo<Text>(() => ({
    t: chosen.messages,
    say: chosen.say,
    f: formatFor(chosen.language),
    language: chosen.language,
    setLanguage: async language => {
      const speech = await loadSpeech(language);
      chooseLanguage(language);
      setChosen({ language, ...speech });
    },
  }), [chosen]);
  return <TextContext value={text}>{children}</TextContext>;
}

export function useText(): Text {
  const text = use(TextContext);
  if (!text) throw new Error('useText outside of TextProvider');
  return text;
}
