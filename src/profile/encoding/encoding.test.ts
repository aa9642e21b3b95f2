import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeAs } from '../../../test/support/encode-as.ts';
import { detectEncoding, doubtOf, type FoundEncoding } from './detect.ts';
import { decoderOf } from './labels.ts';
import { lookAtUtf8 } from './unicode.ts';

const found = (bytes: Uint8Array): FoundEncoding => {
  const answer = detectEncoding({ head: bytes });
  if (typeof answer === 'string') throw new Error('it was taken for no text');
  return answer;
};

/** Small tables as they come from the programs of their countries. */
const TABLES: [string, string, string][] = [
  ['ISO-8859-1', 'German', 'Name;Ort;Straße\nMüller;Köln;Schloßstraße 3\nJäger;Düsseldorf;Königsallee\n'],
  ['ISO-8859-1', 'French', 'nom,ville\nLefèvre,Besançon\nFrançois,Orléans\nHélène,Nîmes\n'],
  ['ISO-8859-1', 'Spanish', 'nombre,ciudad\nMuñoz,Málaga\nPeña,León\nJosé,Logroño\n'],
  ['ISO-8859-1', 'Portuguese', 'nome,cidade\nJoão,São Paulo\nConceição,Goiânia\n'],
  ['ISO-8859-1', 'Swedish', 'namn,ort\nÅsa Sjöström,Malmö\nJörgen Åkesson,Göteborg\n'],
  ['ISO-8859-1', 'one word', 'id,name\n1,Müller\n'],
  ['windows-1252', 'French with typography', 'nom,prix\nCafé d’été,5 €\nŒuvre “élégante”,10 €\n'],
  ['windows-1250', 'Polish', 'imię,miasto\nŁukasz Wiśniewski,Łódź\nMałgorzata Zając,Kraków\nŻaneta Błaszczyk,Gdańsk\n'],
  [
    'windows-1250',
    'Czech',
    'jméno,město\nŠtěpán Dvořák,Plzeň\nJiří Němec,Ústí nad Labem\nVáclav Černý,České Budějovice\n',
  ],
  [
    'windows-1250',
    'Hungarian',
    'név,város\nSzőke Erzsébet,Győr\nKovács Gyöngyi,Székesfehérvár\nTóth Ágnes,Hódmezővásárhely\n',
  ],
  ['windows-1251', 'Russian', 'имя,город\nИван Петров,Москва\nЕкатерина Смирнова,Новосибирск\n'],
  ['windows-1251', 'one Russian word', 'id,city\n1,Москва\n'],
  ['KOI8-R', 'Russian', 'имя,город\nИван Петров,Москва\nЕкатерина Смирнова,Новосибирск\n'],
  ['windows-1253', 'Greek', 'όνομα,πόλη\nΓιώργος Παπαδόπουλος,Αθήνα\nΜαρία Νικολάου,Θεσσαλονίκη\n'],
  ['windows-1254', 'Turkish', 'ad,şehir\nAyşe Yıldız,İstanbul\nMehmet Şahin,Eskişehir\nÇağlar Öztürk,Diyarbakır\n'],
  ['windows-1255', 'Hebrew', 'שם,עיר\nדוד כהן,ירושלים\nשרה לוי,תל אביב\n'],
  ['windows-1256', 'Arabic', 'الاسم,المدينة\nمحمد أحمد,القاهرة\nفاطمة علي,الرياض\n'],
  [
    'windows-1257',
    'Lithuanian',
    'vardas,miestas\nJonas Žukauskas,Šiauliai\nAgnė Kazlauskaitė,Panevėžys\nGrąžina Šimkutė,Kėdainiai\n',
  ],
  ['windows-874', 'Thai', 'ชื่อ,เมือง\nสมชาย ใจดี,กรุงเทพมหานคร\nสมหญิง รักไทย,เชียงใหม่\n'],
  ['Shift_JIS', 'Japanese', '氏名,住所\n山田太郎,東京都千代田区\n佐藤花子,大阪府大阪市\n'],
  ['Shift_JIS', 'one Japanese word', 'id,city\n1,東京\n'],
  ['Shift_JIS', 'katakana', 'コード,商品名\n1,リンゴジュース\n2,ソーダ表示\n'],
  ['Shift_JIS', 'half-width kana', 'id,name\n1,ﾔﾏﾀﾞ ﾀﾛｳ\n2,ｻﾄｳ ﾊﾅｺ\n3,ｽｽﾞｷ ｲﾁﾛｳ\n'],
  ['EUC-JP', 'Japanese', '氏名,住所\n山田太郎,東京都千代田区\nすずきさん,大阪府大阪市\n'],
  ['GB18030', 'Chinese', '姓名,城市\n王小明,北京市\n李华,上海市浦东新区\n'],
  ['GB18030', 'one Chinese word', 'id,city\n1,北京\n2,上海\n'],
  ['Big5', 'Chinese of Taiwan', '姓名,城市\n陳小明,臺北市\n林美玲,高雄市\n'],
  ['EUC-KR', 'Korean', '이름,도시\n김민수,서울특별시\n이영희,부산광역시\n'],
  ['ISO-2022-JP', 'Japanese mail', '氏名,住所\n山田太郎,東京都\n'],
];

describe('the encoding of a text', () => {
  test.each(TABLES)('%s: %s', (encoding, _, text) => {
    const bytes = encodeAs(text, encoding);
    expect(decoderOf(encoding).decode(bytes), 'the sample itself').toBe(text);
    const answer = found(bytes);
    expect(answer.encoding).toBe(encoding);
    expect(decoderOf(answer.encoding).decode(bytes)).toBe(text);
  });

  test.each(['UTF-8', 'UTF-16LE', 'UTF-16BE', 'UTF-32LE', 'UTF-32BE'])('%s, with a mark and without', (encoding) => {
    for (const [, , text] of TABLES)
      for (const mark of ['', '\ufeff']) {
        const bytes = encodeAs(mark + text, encoding);
        const answer = found(bytes);
        expect([answer.encoding, answer.hasInvalid], text).toEqual([encoding, false]);
        expect(decoderOf(answer.encoding).decode(bytes)).toBe(text);
      }
  });

  test('is in doubt where two would do, and says so', () => {
    // One letter beyond ASCII that is a letter of several alphabets.
    const answer = found(Buffer.from([0x31, 0x2c, 0xf1, 0x0a]));
    expect(answer.confidence).toBeLessThan(0.9);
    expect(doubtOf(answer)).toMatch(/^the encoding is not sure: the text was read as \S+ \(\d+ %\), \S+ would do/);
    expect(doubtOf(found(encodeAs(TABLES[0]?.[2] ?? '', 'ISO-8859-1')))).toBeUndefined();
  });

  test('is UTF-8 also where few bytes are damaged, and not where most are', () => {
    const text = 'Köln, Düsseldorf, Münster, Jülich\n'.repeat(10);
    const damaged = Buffer.concat([Buffer.from(text), Buffer.from([0x41, 0xe9, 0x0a])]);
    expect(found(damaged)).toMatchObject({ encoding: 'UTF-8', hasInvalid: true });
    expect(found(Buffer.from(text, 'latin1'))).toMatchObject({ encoding: 'ISO-8859-1' });
  });

  test('looks at windows further on, which may begin within a character', () => {
    const head = Buffer.from('id,name\n1,a\n');
    const utf8 = Buffer.from('2,Köln\n3,東京\n').subarray(4);
    expect(detectEncoding({ head, windows: [utf8] })).toMatchObject({ encoding: 'UTF-8', basis: 'valid UTF-8' });
    const sjis = encodeAs('\n2,東京都\n3,大阪府\n', 'Shift_JIS').subarray(0);
    expect(detectEncoding({ head, windows: [sjis] })).toMatchObject({ encoding: 'Shift_JIS' });
  });

  test('is none for what is no text', () => {
    const noise = Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256));
    expect(detectEncoding({ head: noise })).toBe('binary');
    expect(detectEncoding({ head: Buffer.alloc(1_000) })).toBe('binary');
    expect(detectEncoding({ head: Buffer.from('id,name\n1,a\0b\n') })).toMatchObject({ encoding: 'UTF-8' });
    expect(detectEncoding({ head: new Uint8Array() })).toMatchObject({ encoding: 'UTF-8' });
  });

  test('is told of any bytes, and says nothing that cannot be decoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (head) => {
        const answer = detectEncoding({ head });
        if (typeof answer !== 'string') expect(typeof decoderOf(answer.encoding).decode(head)).toBe('string');
      }),
    );
  });
});

describe('UTF-8', () => {
  test('is counted as TextDecoder reads it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((one) => Buffer.from(one)),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const bytes = Buffer.concat(pieces);
        const { invalid, cut } = lookAtUtf8(bytes, false);
        let valid = true;
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        } catch {
          valid = false;
        }
        expect(invalid === 0 && !cut).toBe(valid);
      }),
    );
  });
});

describe('UTF-32', () => {
  test.each(['UTF-32LE', 'UTF-32BE'])('%s is decoded in pieces of any size', (encoding) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const bytes = encodeAs(`x${text}`, encoding);
        const decoder = decoderOf(encoding);
        let read = '';
        for (let at = 0; at < bytes.length; at += size)
          read += decoder.decode(bytes.subarray(at, at + size), { stream: true });
        expect(read + decoder.decode()).toBe(`x${text}`);
      }),
    );
    expect(decoderOf('UTF-32LE').decode(Uint8Array.from([0, 0, 0, 0xff, 0x41]))).toBe('\ufffd\ufffd');
  });
});

test('text of a mainframe is told from others', () => {
  // `id,name` / `1,Ann` / `2,Bob` and so on in IBM037, with its own line ends, and as records without any.
  const lines = Buffer.from('8984 6b95 8194 8525 f16b c195 9525 f26b c296 8225'.replaceAll(' ', ''), 'hex');
  expect(detectEncoding({ head: lines })).toBe('EBCDIC');
  const records = Buffer.from('f0f0f1c1d5d54040404040f0f0f2c2d6c24040404040', 'hex');
  expect(detectEncoding({ head: records })).toBe('EBCDIC');
  for (const [encoding, , text] of TABLES)
    expect(detectEncoding({ head: encodeAs(text.replaceAll('\n', ';'), encoding) }), text).not.toBe('EBCDIC');
});
