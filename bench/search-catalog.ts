import { copyLine } from '../src/store/copy-into.ts';

/** Words that names of tables and columns are made of. */
const NOUNS =
  `customer order invoice payment account product price stock shipment address contact employee branch contract policy
claim ticket event session device sensor reading vehicle driver route stop fare booking hotel room guest patient visit doctor drug dose
lab result student course grade teacher school loan rate balance ledger journal entry budget cost centre project task milestone asset
depreciation tax region country city street postal currency exchange supplier vendor material batch lot serial warranty return refund
coupon campaign lead opportunity quote forecast target segment cohort click impression conversion page referrer agent browser cookie
consent audit log error alert metric threshold rule model feature label score prediction version release build deployment cluster node
volume snapshot backup schedule calendar holiday shift absence salary bonus pension benefit dependent beneficiary premium deductible
coverage risk exposure limit collateral margin trade position settlement counterparty broker dealer fund portfolio holding dividend
coupon yield spread curve tenor maturity issuer rating sector industry index benchmark weight factor return volatility beta`
    .split(/\s+/)
    .filter(Boolean);
const KINDS =
  `id code name type status date time amount count flag key ref number text note desc value percent total min max avg start end
created updated deleted by at from to source target parent level rank seq hash url path email phone fax`.split(/\s+/);
const PREFIXES = ['', '', 'stg', 'dim', 'fact', 'tmp', 'v', 'hist', 'raw', 'mart'];

export interface Shape {
  tables: number;
  columns: number;
  sources: number;
}

/** Deterministic: the same catalog every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const uuidOf = (n: number): string => `0199f3a2-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const sourceIdOf = (source: number): string => (source + 1).toString(16).padStart(24, '0');

/**
 * Lines of COPY into entity (id, source_id, parent_id, root_id, type, name, fqdn, ordinal), parents first.
 *
 * @param named is told each, as those who write entities tell search
 */
export function* entityLines(
  { tables, columns, sources }: Shape,
  named?: (source: number, type: string, name: string) => void,
): Generator<string> {
  const random = randomFrom(7);
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? '';
  const styles = [
    (words: string[]) => words.join('_'),
    (words: string[]) => words.join('_').toUpperCase(),
    (words: string[]) =>
      words.map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join(''),
  ];
  let next = 0;
  const schemasPerSource = 20;
  const perSchema = Math.ceil(tables / sources / schemasPerSource);
  let made = 0;
  for (let source = 0; source < sources; source++) {
    const sourceId = sourceIdOf(source);
    const fqdnId = `source${source}`;
    const style = styles[source % styles.length] ?? styles[0]!;
    const root = uuidOf(next++);
    named?.(source, 'RESOURCE', fqdnId);
    yield copyLine([root, sourceId, null, root, 'RESOURCE', fqdnId, fqdnId, 0]);
    for (let schema = 0; schema < schemasPerSource; schema++) {
      const schemaName = style([pick(NOUNS), String(schema)]);
      const schemaId = uuidOf(next++);
      named?.(source, 'SCHEMA', schemaName);
      yield copyLine([schemaId, sourceId, root, root, 'SCHEMA', schemaName, `${fqdnId}/${schemaName}`, 0]);
      for (let table = 0; table < perSchema && made < tables; table++, made++) {
        const words = [pick(PREFIXES), pick(NOUNS), pick(NOUNS), table % 3 === 0 ? String(table) : pick(KINDS)].filter(
          Boolean,
        );
        // A number keeps names of one schema apart, as partitions and copies do.
        // Some are named as a great many columns are.
        const tableName =
          schema === 0 && table === 1 ? style(['id']) : `${style(words)}${table % 4 === 0 ? '' : `_${table}`}`;
        const tableId = uuidOf(next++);
        const fqdn = `${fqdnId}/${schemaName}/${tableName}`;
        named?.(source, 'TABLE', tableName);
        yield copyLine([tableId, sourceId, schemaId, root, 'TABLE', tableName, `${fqdn}~${table}`, 0]);
        const names = new Set([style(['id'])]);
        while (names.size < columns) {
          const noun = pick(NOUNS);
          const common = random(40);
          names.add(
            style(
              common < 4
                ? ['created', 'at']
                : common < 8
                  ? [noun, 'id']
                  : common < 39
                    ? [noun, pick(KINDS)]
                    : [noun, pick(NOUNS), pick(KINDS)],
            ),
          );
          if (names.size < columns && random(8) === 0)
            names.add(style([pick(['status', 'name', 'email', 'type', 'created_by'])]));
        }
        let ordinal = 1;
        for (const name of names) {
          named?.(source, 'COLUMN', name);
          yield copyLine([
            uuidOf(next++),
            sourceId,
            tableId,
            root,
            'COLUMN',
            name,
            `${fqdn}/${name}~${table}`,
            ordinal++,
          ]);
        }
      }
    }
  }
}
