/** Where an entry came from, in words. What other plugins call their origin stays as it is. */

import type { Messages } from '../../i18n/en';

const kFile = /^file (.+)$/s;
const kPerson = /^by (.+)$/s;

/** The file that an entry came from: it would bring it back. */
export const fileOf = (origin: string): string | null => kFile.exec(origin)?.[1] ?? null;

export function originText(origin: string, t: Messages): string {
  const file = fileOf(origin);
  if (file) return t.worklist.fromFile(file);
  if (origin === 'by hand') return t.worklist.byHand;
  const person = kPerson.exec(origin)?.[1];
  return person ? t.worklist.byPerson(person) : origin;
}
