/**
 * What the server says, in the language of the page: it says everything in English. A sentence stands in the list of a language with
 * `{}` for what differs and `{#}` for a number, which stand in its own as {1}, {2} ... What differs is said in turn. What is not in
 * the list is shown as it is: the words of other programs, such as an operating system's.
 */

export type Sentences = readonly (readonly [english: string, own: string])[];

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const patternOf = (english: string) => english.split(/(\{#?\})/).map(piece => (piece === '{}' ? '(.+?)' : piece === '{#}' ? String.raw`(\d+)` : escaped(piece))).join('');
const compiled = ([english, own]: Sentences[number]) => ({ pattern: new RegExp(`^${patternOf(english)}$`, 's'), own });

/** A longer list is separated by one of these, and every part of it is known. */
const kSeparators = ['; ', ', '];
const kWhy = ': ';

export function sayer(sentences: Sentences): (text: string) => string {
  const all = sentences.map(compiled);
  const whole = (text: string): string | undefined => {
    for (const { pattern, own } of all) {
      const found = pattern.exec(text);
      if (found) return own.replace(/\{(\d)\}/g, (_, n: string) => say(found[Number(n)] ?? ''));
    }
    return undefined;
  };
  const known = (text: string): string | undefined => {
    const found = whole(text);
    if (found !== undefined) return found;
    // What is known, and why; the reason may be somebody else's words.
    const why = text.indexOf(kWhy);
    const what = why > 0 ? whole(text.slice(0, why)) : undefined;
    if (what !== undefined) return what + kWhy + say(text.slice(why + kWhy.length));
    for (const separator of kSeparators) {
      const parts = text.split(separator);
      const own = parts.length > 1 ? parts.map(known) : [undefined];
      if (own.every(part => part !== undefined)) return own.join(separator);
    }
    return undefined;
  };
  const say = (text: string): string => known(text) ?? text;
  return say;
}
