import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { preferredLanguage } from '../../src/i18n/language';
import { pluralizer } from '../../src/i18n/plural';

type Leaf = string | ((...values: never[]) => string);
interface Tree { [name: string]: Leaf | Leaf[] | Tree }

function leaves(tree: Tree, path = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(tree)) {
    const here = path ? `${path}.${name}` : name;
    if (typeof value === 'object') for (const [key, leaf] of leaves(value as Tree, here)) found.set(key, leaf);
    else found.set(here, value);
  }
  return found;
}
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name) && !/i18n.(en|de)\.ts$/.test(name)).map(name => readFileSync(join('src', name), 'utf8')).join('\n');

describe('dictionaries', () => {
  const english = leaves(en);
  const german = leaves(de);

  it('have the same texts', () => {
    expect([...german.keys()]).toEqual([...english.keys()]);
  });
  it('have no empty text', () => {
    for (const dictionary of [english, german]) for (const [key, leaf] of dictionary) if (typeof leaf === 'string') expect(leaf.trim(), key).not.toBe('');
  });
  it('take the same values', () => {
    for (const [key, leaf] of english) if (typeof leaf === 'function') expect((german.get(key) as () => string).length, key).toBe(leaf.length);
  });
  it('have no text that nobody shows', () => {
    const unused = Object.entries(en).flatMap(([section, texts]) => Object.keys(texts).map(name => `${section}.${name}`))
      .filter(key => !key.startsWith('nav.') && !new RegExp(`\\bt\\.${key.replace('.', '\\.')}\\b`).test(sources));
    expect(unused).toEqual([]);
  });
});

describe('plurals', () => {
  it('know one and many, with numbers as the language writes them', () => {
    expect(en.studies.count(1, false)).toBe('1 study');
    expect(en.studies.count(1200, false)).toBe('1,200 studies');
    expect(de.studies.count(1, false)).toBe('1 Studie');
    expect(de.studies.count(0, false)).toBe('0 Studien');
    expect(pluralizer('de')(1234567, { one: '# x', other: '# y' })).toBe('1.234.567 y');
  });
});

describe('language', () => {
  it('is what was chosen here, else the first of the browser that we have, else English', () => {
    expect(preferredLanguage('de', ['en-US'])).toBe('de');
    expect(preferredLanguage(null, ['fr', 'de-AT', 'en'])).toBe('de');
    expect(preferredLanguage('xx', ['fr'])).toBe('en');
  });
});
