import { expect, test } from 'vitest';
import type { Evidence } from '../identify/verdict.ts';
import { type AssertionResource, evidenceText, findingsTable } from './evidence-text.ts';

const exact = (value: number, of?: number) => ({ value, low: value, high: value, basis: 'exact' as const, of });
const evidence: Evidence = {
  ...{ methodId: 'm1', methodName: 'Colours', methodVersion: '1', profileId: 7, profiledAt: '2026-01-02T03:04:05Z' },
  rule: 0,
  confidence: { value: 0.92, low: 0.9, high: 0.94, basis: 'sample', of: 1_024 },
  factors: [
    { variable: 'similarity', weight: 0.9, score: exact(0.91, 1_024), contribution: 0.82, share: 0.89 },
    { variable: 'metadataScore', weight: 0.1, score: exact(1), contribution: 0.1, share: 0.11 },
  ],
  alias: { nameRegex: '(?i)colou?r', score: 1 },
  ...{ matched: ['red', 'blue'], unmatched: ['\u001b[31mevil'] },
  flip: { variable: 'similarity', from: 0.91, to: 0.67, text: 'similarity from 0.91 to below 0.67' },
  close: true,
};
const said: AssertionResource = {
  ...{ kind: 'tag', value: 'Colour', origin: 'job', at: '2026-01-02T03:04:05Z', methodId: 'm1' },
  ...{ removedBy: '', removedByJob: '', removedAt: '' },
  body: { sourceName: 'Colours', sourceType: 'Dictionary', confidenceScore: 0.92 },
  evidence: { ...evidence },
};

test('evidence is told with its factors, and without what a value would do to a terminal', () => {
  const text = evidenceText(said, 120);
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    'tag Colour',
    expect.stringMatching(/^by Colours \(m1\), rule 1, on the profile of 2026-01-0/),
    'confidence 0.92 (sample of 1,024, 0.90 to 0.94): close, more rows could turn it',
    expect.stringMatching(/^factor +score +weight +adds +share +basis$/),
    expect.stringMatching(/^similarity +0\.91 +0\.9 +0\.82 +89 % +exact of 1,024$/),
    expect.stringMatching(/^metadataScore +1\.00 +0\.1 +0\.10 +11 % +exact$/),
    'name matches (?i)colou?r, which scores 1.00',
    'matched: red, blue',
    expect.stringMatching(/^not matched: \P{Cc}*evil$/u),
    'would turn with similarity from 0.91 to below 0.67',
    '',
  ]);
});

test('that no score would turn it is told', () => {
  const { flip, ...without } = evidence;
  expect(flip).toBeDefined();
  expect(evidenceText({ ...said, evidence: without }, 120)).toContain('no single score would turn it');
});

test('what people said, and what was taken back, is told as such', () => {
  const byPerson = { ...said, origin: 'human', body: {}, evidence: {} };
  expect(evidenceText(byPerson, 80)).toMatch(/^tag Colour, by a person, /);
  expect(evidenceText({ ...said, removedAt: said.at, removedBy: 'u' }, 80)).toContain('a person took it back');
  expect(evidenceText({ ...said, removedAt: said.at, removedByJob: 'j' }, 80)).toContain('it no longer holds');
  const [, line, other] = findingsTable(
    [
      { ...said, where: 'tone' },
      { ...byPerson, where: '' },
    ],
    120,
  ).split('\n');
  expect(line).toMatch(/^tone +tag +Colour +Colours +0\.92$/);
  expect(other).toMatch(/tag +Colour +a person$/);
});
