import type { Evidence, Factor } from '../identify/verdict.ts';
import { formatNumber, formatTable } from './output/format-table.ts';
import { formatTime } from './output/format-time.ts';
import { harmless } from './output/text-width.ts';

/** What `GET /entities/{id}/assertions` says of one tag, term or sensitivity. */
export interface AssertionResource {
  kind: string;
  value: string;
  body: Record<string, unknown>;
  origin: string;
  at: string;
  removedBy: string;
  removedByJob: string;
  removedAt: string;
  methodId: string;
  evidence: Record<string, unknown>;
}

const right = (title: string) => ({ title, align: 'right' as const });
/** Of a score two digits tell enough. */
const score = (value: number): string => value.toFixed(2);
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** A line for each thing that is said, surest first within a kind. */
export function findingsTable(said: readonly (AssertionResource & { where: string })[], screen: number): string {
  const rows = said.map(({ where, kind, value, body, origin }) => [
    where,
    kind,
    nameOf(kind, value, body),
    typeof body.sourceName === 'string' ? body.sourceName : origin === 'human' ? 'a person' : origin,
    typeof body.confidenceScore === 'number' ? score(body.confidenceScore) : '',
  ]);
  return formatTable(['where', 'what', 'value', 'by', right('confidence')], rows, screen);
}

const nameOf = (kind: string, value: string, body: Record<string, unknown>): string =>
  kind === 'term' && typeof body.name === 'string' ? body.name : value;

/** Who says it, and why: the factors, what matched, and what would turn it. */
export function evidenceText(said: AssertionResource, screen: number): string {
  const { kind, value, body, origin, at, evidence } = said;
  const head = `${kind} ${harmless(nameOf(kind, value, body))}`;
  if (said.removedAt !== '') {
    const who = said.removedBy === '' ? 'it no longer holds' : 'a person took it back; no job says it again';
    return `${head}, removed ${formatTime(said.removedAt)}: ${who}\n`;
  }
  if (!isEvidence(evidence)) return `${head}, by ${origin === 'human' ? 'a person' : origin}, ${formatTime(at)}\n`;
  return `${head}\n${indent(reasonsText(evidence, screen))}`;
}

/** Also of a method that was only tried. */
export function reasonsText(evidence: Evidence, screen: number): string {
  const { confidence } = evidence;
  const interval = confidence.low < confidence.high ? `, ${score(confidence.low)} to ${score(confidence.high)}` : '';
  const of = confidence.of === undefined ? '' : ` of ${formatNumber(confidence.of)}`;
  const lines = [
    `by ${harmless(evidence.methodName)} (${evidence.methodId}), rule ${evidence.rule + 1}, on the profile of ${formatTime(evidence.profiledAt)}`,
    `confidence ${score(confidence.value)} (${confidence.basis}${of}${interval})${evidence.close ? ': close, more rows could turn it' : ''}`,
  ];
  const heads = ['factor', right('score'), right('weight'), right('adds'), right('share'), 'basis'];
  const table = formatTable(heads, evidence.factors.map(factorRow), screen);
  const { alias, matched, unmatched, flip } = evidence;
  const more = [
    ...(alias ? [`name matches ${harmless(alias.nameRegex)}, which scores ${score(alias.score)}`] : []),
    ...(matched.length > 0 ? [`matched: ${harmless(matched.join(', '))}`] : []),
    ...(unmatched.length > 0 ? [`not matched: ${harmless(unmatched.join(', '))}`] : []),
    flip ? `would turn with ${harmless(flip.text)}` : 'no single score would turn it',
  ];
  return `${lines.join('\n')}\n${evidence.factors.length > 0 ? table : ''}${more.map((line) => `${line}\n`).join('')}`;
}

function factorRow({ variable, weight, score: found, contribution, share }: Factor): string[] {
  const of = found.of === undefined ? '' : ` of ${formatNumber(found.of)}`;
  return [
    variable,
    score(found.value),
    formatNumber(weight),
    score(contribution),
    percent(share),
    `${found.basis}${of}`,
  ];
}

const isEvidence = (evidence: object): evidence is Evidence => 'confidence' in evidence && 'factors' in evidence;

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');
