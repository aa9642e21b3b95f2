import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { identify, readBuiltIn } from '../../../bench/identify-columns.ts';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { validators } from '../validators/index.ts';
import { DICTIONARY_SPECS } from './dictionaries/index.ts';
import { builtInDictionaries, builtInPatterns } from './index.ts';

const dictionaries = builtInDictionaries();
const patterns = builtInPatterns();

describe('built-in methods', () => {
  it('are as many as promised, each with an id, a name and a category of its own', () => {
    expect(dictionaries.length).toBeGreaterThanOrEqual(95);
    expect(patterns.length).toBeGreaterThanOrEqual(60);
    const all = [...dictionaries.map(({ definition }) => definition), ...patterns];
    expect(new Set(all.map(({ _id }) => _id)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.filter(({ categories }) => categories.length !== 1)).toEqual([]);
  });

  it('keep their ids for ever', () => {
    const id = dictionaries.find(({ definition }) => definition.name === 'Blood Types')?.definition._id;
    expect(id).toBe('45f5114a-6596-56d3-af04-3d912046b465');
    expect(patterns.find(({ name }) => name === 'E-mail Address')?._id).toBe('02f8a02b-c887-5705-819b-db8c7db83a65');
  });

  it('are read without a problem or a warning, as any definition is', () => {
    const all = [...dictionaries.map(({ definition }) => definition), ...patterns];
    for (const definition of all) {
      const { method, warnings } = readDefinition(definition, { validators: Object.keys(validators), builtIn: true });
      expect(warnings, definition.name).toEqual([]);
      expect(method.id).toBe(definition._id);
    }
  });

  it('name every check that there is, but those that say nothing of what a number is', () => {
    const named = new Set(patterns.map(({ regexMatch }) => regexMatch.validator));
    expect(Object.keys(validators).filter((name) => !named.has(name))).toEqual(['luhn']);
  });

  it('have terms that differ, one a line, without white space around', async () => {
    for (const { definition, terms } of dictionaries) {
      const texts = await terms();
      const canonical = texts.map((text) => canonicalText(text));
      expect(texts.length, definition.name).toBeGreaterThanOrEqual(7);
      expect(new Set(canonical).size, definition.name).toBe(texts.length);
      expect(
        texts.filter((text) => text !== text.trim() || text === ''),
        definition.name,
      ).toEqual([]);
    }
  });

  it('know names of people in scripts of their own whatever the column is called, and German ones of several generations', async () => {
    const column = (name: string, values: readonly string[]) => ({ name, values, what: name, tags: [] });
    const columns = [
      column('name_jp', ['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺']),
      column('c_17_x', ['Иванова', 'Смирнов', 'Кузнецова', 'Попов', 'Соколова']),
      column('flavour', ['Müller', 'Schmidt', 'Schneider', 'Fischer', 'Weber']),
      column('vorname', ['Jürgen', 'Uwe', 'Heike', 'Käthe', 'Lieselotte', 'Leon', 'Mia']),
    ];
    const found = await identify(columns, await readBuiltIn());
    const names = found.map((matches) => matches.map(({ method }) => method.name));
    expect(names[0]).toContain('Last Names (Japanese)');
    expect(names[1]).toContain('Last Names (Russian)');
    expect(names[2]).toEqual([]);
    expect(names[3]).toContain('First Names (German)');
    const german = await dictionaries.find(({ definition }) => definition.name === 'First Names (German)')?.terms();
    expect(german).toEqual(expect.arrayContaining([...(columns[3]?.values ?? [])]));
  });

  it('use every term file that there is', async () => {
    const files = await readdir(new URL('./terms/', import.meta.url));
    expect(files.map((file) => file.replace(/\.txt$/, '')).sort()).toEqual(
      [...new Set(DICTIONARY_SPECS.map(({ file }) => file))].sort(),
    );
  });
});
