import { type CharSet, complement, EVERYTHING, single } from './char-set.ts';
import { LINE_ENDS, VERTICAL } from './named-sets.ts';
import { parseClass, skipSpace, withCase } from './parse-class.ts';
import { parseEscape } from './parse-escape.ts';
import { DEEPEST_GROUP, LONGEST_SOURCE, MOST_REPEATS } from './parse-limits.ts';
import { type Flags, NO_FLAGS, RegexProblem, SourceReader } from './source-reader.ts';
import { EMPTY, type Place, type Tree } from './tree.ts';

export interface Parsed {
  tree: Tree;
  problems: string[];
}

/**
 * Reads a regular expression in the syntax of `java.util.regex` (Java 21) into a tree in which flags are resolved. What is broken, or is
 * of Java and cannot be had here, is a problem that names it, where it stands, and what to write instead.
 */
export function parseJava(source: string): Parsed {
  if (source.length > LONGEST_SOURCE)
    return refused(`${source.length} characters are more than the ${LONGEST_SOURCE} that an expression may have`);
  const parser = new Parser(source);
  try {
    return { tree: parser.parse(), problems: [] };
  } catch (error) {
    if (error instanceof RegexProblem) return refused(error.message);
    throw error;
  }
}

const refused = (problem: string): Parsed => ({ tree: EMPTY, problems: [problem] });

const QUANTIFIERS: Record<string, readonly [number, number]> = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
};

class Parser {
  readonly reader: SourceReader;
  depth = 0;
  groups = 0;
  readonly names = new Map<string, number>();
  /** Groups that have been closed, so that a reference to them can hold something. */
  readonly closed = new Set<number>();

  constructor(source: string) {
    this.reader = new SourceReader(source);
  }

  parse(): Tree {
    const tree = this.choice();
    if (!this.reader.done) this.reader.fail(') closes nothing; write \\) for the character');
    return tree;
  }

  choice(): Tree {
    const { reader } = this;
    const items = [this.sequence()];
    while (!reader.quoted && reader.accept('|')) items.push(this.sequence());
    return items.length === 1 ? (items[0] as Tree) : { type: 'choice', items };
  }

  sequence(): Tree {
    const { reader } = this;
    const items: Tree[] = [];
    for (;;) {
      skipSpace(reader);
      if (reader.done || (!reader.quoted && /[|)]/.test(reader.peek()))) break;
      const atom = this.atom();
      if (atom) items.push(this.quantified(atom));
    }
    return items.length === 1 ? (items[0] as Tree) : { type: 'sequence', items };
  }

  /** One thing that a quantifier may follow; nothing for flags and the marks of `\Q…\E`. */
  atom(): Tree | undefined {
    const { reader } = this;
    const from = reader.position;
    if (reader.quoted) {
      if (!reader.accept('\\E')) return this.character(reader.take());
      reader.quoted = false;
      return undefined;
    }
    const character = reader.take();
    switch (character) {
      case '\\':
        return this.escape(from);
      case '[':
        return set(parseClass(reader));
      case '(':
        return this.group(from);
      case '.':
        return set(this.dot());
      case '^':
        return place(reader.flags.m ? { at: 'line start', unixLines: reader.flags.d } : { at: 'start' });
      case '$':
        return place({ at: reader.flags.m ? 'line end' : 'last line', unixLines: reader.flags.d });
      case '*':
      case '+':
      case '?':
        return reader.fail(`${character} has nothing to repeat; write \\${character} for the character`, from);
      case '{':
        return reader.fail('{ has nothing to repeat; write \\{ for the character', from);
      default:
        return this.character(character);
    }
  }

  dot(): CharSet {
    const { flags } = this.reader;
    if (flags.s) return EVERYTHING;
    return complement(flags.d ? single(10) : LINE_ENDS);
  }

  character(character: string): Tree {
    return set(withCase(single(character.codePointAt(0) as number), this.reader));
  }

  escape(from: number): Tree | undefined {
    const { reader } = this;
    if (reader.accept('Q')) {
      reader.quoted = true;
      return undefined;
    }
    if (reader.accept('E')) return undefined;
    const read = parseEscape(reader);
    if (read && 'set' in read) return set(read.cased ? read.set : withCase(read.set, reader));
    if (read) return set(withCase(single(read.point), reader));
    const letter = reader.take();
    const { flags } = reader;
    switch (letter) {
      case 'A':
      case 'G':
        return place({ at: 'start' });
      case 'z':
        return place({ at: 'end' });
      case 'Z':
        return place({ at: 'last line', unixLines: flags.d });
      case 'b':
        if (reader.peek() === '{') reader.fail('\\b{g} cannot be had here; \\b tells the ends of words', from);
        return place({ at: 'word', unicode: flags.U });
      case 'B':
        return place({ at: 'not word', unicode: flags.U });
      case 'R':
        return {
          type: 'choice',
          items: [{ type: 'sequence', items: [set(single(13)), set(single(10))] }, set(VERTICAL)],
        };
      case 'X':
        return reader.fail('\\X cannot be had here; write \\P{M}\\p{M}* for a letter with its marks', from);
      case 'k': {
        if (!reader.accept('<')) reader.fail('\\k needs the name of a group behind it, as \\k<name>', from);
        const name = reader.until('>', '\\k<');
        const number = this.names.get(name);
        return number === undefined
          ? reader.fail(`there is no group ${JSON.stringify(name)} before this`, from)
          : this.same(number, from);
      }
      default:
        if (/[1-9]/.test(letter)) return this.numbered(Number(letter), from);
        return reader.fail(`\\${letter} has no meaning; write ${letter} for the character`, from);
    }
  }

  /** Further digits belong to the number as long as there is such a group. */
  numbered(first: number, from: number): Tree {
    let number = first;
    while (/[0-9]/.test(this.reader.peek()) && number * 10 + Number(this.reader.peek()) <= this.groups)
      number = number * 10 + Number(this.reader.take());
    return this.same(number, from);
  }

  same(number: number, from: number): Tree {
    if (!this.closed.has(number))
      this.reader.fail(`\\${number} refers to a group that ends no earlier than here, so nothing could match`, from);
    return { type: 'same', number, anyCase: this.reader.flags.i };
  }

  quantified(atom: Tree): Tree {
    const { reader } = this;
    // What follows the end of a quotation is of its last character.
    if (reader.quoted && reader.accept('\\E')) reader.quoted = false;
    skipSpace(reader);
    if (reader.quoted) return atom;
    const from = reader.position;
    const range = this.quantifier();
    if (!range) return atom;
    const [least, most] = range;
    const mode = reader.accept('?') ? 'lazy' : reader.accept('+') ? 'possessive' : 'greedy';
    skipSpace(reader);
    if (/[*+?{]/.test(reader.peek()))
      reader.fail('a second quantifier follows the first; write (?:…) around the first', from);
    return { type: 'repeat', item: atom, least, most, mode };
  }

  quantifier(): readonly [number, number] | undefined {
    const { reader } = this;
    const from = reader.position;
    const sign = QUANTIFIERS[reader.peek()];
    if (sign) {
      reader.take();
      return sign;
    }
    if (!reader.accept('{')) return undefined;
    const [, least = '', comma, most = ''] = /^(\d+)(,)?(\d*)$/.exec(reader.until('}', '{')) ?? [];
    if (least === '' || (!comma && most !== ''))
      reader.fail('expected a count as {2}, {2,} or {2,5}; write \\{ for the character', from);
    const range = [
      Number(least),
      comma ? (most === '' ? Number.POSITIVE_INFINITY : Number(most)) : Number(least),
    ] as const;
    if (range[1] < range[0]) reader.fail(`{${least},${most}} allows fewer at most than at least`, from);
    if (range[0] > MOST_REPEATS || (range[1] > MOST_REPEATS && range[1] !== Number.POSITIVE_INFINITY))
      reader.fail(`a count may be ${MOST_REPEATS} at most`, from);
    return range;
  }

  /** A group, its `(` taken. */
  group(from: number): Tree | undefined {
    const { reader } = this;
    const flags = reader.flags;
    if (++this.depth > DEEPEST_GROUP) reader.fail(`groups are nested more than ${DEEPEST_GROUP} deep`, from);
    let wrap: (item: Tree) => Tree = (item) => item;
    if (!reader.accept('?')) wrap = this.capture();
    else if (reader.accept(':')) wrap = (item) => item;
    else if (reader.accept('>')) wrap = (item) => ({ type: 'atomic', item });
    else if (reader.accept('=')) wrap = look(true, false);
    else if (reader.accept('!')) wrap = look(true, true);
    else if (reader.accept('<=')) wrap = look(false, false);
    else if (reader.accept('<!')) wrap = look(false, true);
    else if (reader.accept('<')) {
      const name = reader.until('>', '(?<');
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name))
        reader.fail(`${JSON.stringify(name)} is no name of a group: letters and digits, a letter first`, from);
      if (this.names.has(name)) reader.fail(`a second group is called ${JSON.stringify(name)}`, from);
      this.names.set(name, this.groups + 1);
      wrap = this.capture();
    } else if (!this.flagsOfGroup(from)) {
      // `(?i)` holds to the end of the group around it.
      this.depth--;
      return undefined;
    }
    const item = this.choice();
    if (!reader.accept(')')) reader.fail('( is not closed by )', from);
    reader.flags = flags;
    this.depth--;
    return wrap(item);
  }

  capture(): (item: Tree) => Tree {
    const number = ++this.groups;
    return (item) => {
      this.closed.add(number);
      return { type: 'group', item, number };
    };
  }

  /** `(?i-s` and then `:` for a group of its own, which is true, or `)`. */
  flagsOfGroup(from: number): boolean {
    const { reader } = this;
    const flags = { ...reader.flags };
    for (let on = true; ; ) {
      const letter = reader.take();
      if (letter === '-' && on) on = false;
      else if (letter in NO_FLAGS) {
        flags[letter as keyof Flags] = on;
        // In Java the classes of Unicode bring its cases with them.
        if (letter === 'U') flags.u = on;
      } else if (letter === ':' || letter === ')') {
        reader.flags = flags;
        return letter === ':';
      } else if (letter === '#') reader.fail('(?#…) is no comment in Java; write (?x) and # …', from);
      else if (letter === 'P') reader.fail('(?P<name>…) is not of Java; write (?<name>…)', from);
      else reader.fail(`(?${letter} has no meaning in Java`, from);
    }
  }
}

const set = (of: CharSet): Tree => ({ type: 'set', set: of });
const place = (of: Place): Tree => ({ type: 'place', place: of });
const look =
  (ahead: boolean, negative: boolean) =>
  (item: Tree): Tree => ({ type: 'look', ahead, negative, item });
