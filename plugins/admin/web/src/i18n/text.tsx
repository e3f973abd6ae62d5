/** Gives components the dictionary and the formats of the chosen language. */

import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { patiently } from '../app/patiently';
import type { Messages } from './en';
import { formatFor, type Format } from './format';
import { chooseLanguage, type Language } from './language';
import { sayer } from './said';

export type Say = (text: string) => string;
export interface Spoken { language: Language; messages: Messages }

const loaders: Record<Language, () => Promise<Messages>> = {
  de: () => import('./de').then(({ de }) => de),
  en: () => import('./en').then(({ en }) => en),
};
export const loadMessages = (language: Language): Promise<Messages> => patiently(loaders[language])();

const asItIs: Say = text => text;
const sentences: Record<Language, () => Promise<Say>> = {
  de: patiently(() => import('./said_de').then(({ saidDe }) => sayer(saidDe))),
  en: () => Promise.resolve(asItIs),
};
const spoken = new Map<Language, Promise<Say>>();

/** How the server's words are said (see said.ts): a long list, which comes when it is needed for the first time. */
export function loadSay(language: Language): Promise<Say> {
  const say = spoken.get(language) ?? sentences[language]();
  spoken.set(language, say);
  return say;
}

interface Text { t: Messages; f: Format; say: Say; language: Language; setLanguage: (language: Language) => Promise<void> }
const TextContext = createContext<Text | null>(null);

export function TextProvider({ first, children }: { first: Spoken; children: ReactNode }) {
  const [{ language, messages }, setChosen] = useState(first);
  const [loaded, setLoaded] = useState<{ language: Language; say: Say } | null>(null);
  const text = useMemo<Text>(() => ({
    t: messages,
    say: loaded?.language === language ? loaded.say : words => {
      if (words !== '') void loadSay(language).then(say => setLoaded({ language, say }));
      return words;
    },
    f: formatFor(language),
    language,
    setLanguage: async chosen => {
      const dictionary = await loadMessages(chosen);
      chooseLanguage(chosen);
      setChosen({ language: chosen, messages: dictionary });
    },
  }), [language, messages, loaded]);
  return <TextContext value={text}>{children}</TextContext>;
}

export function useText(): Text {
  const text = use(TextContext);
  if (!text) throw new Error('useText outside of TextProvider');
  return text;
}
