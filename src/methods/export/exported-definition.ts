import type { StoredMethod } from '../../store/methods/read-methods.ts';

/** What was imported, with what was changed since: whether it is switched on, and the name of the file that holds its terms. */
export function exportedDefinition(
  { definition, enabled, kind }: Pick<StoredMethod, 'definition' | 'enabled' | 'kind'>,
  csv?: string,
): Record<string, unknown> {
  const said = definition.isEnabled !== false;
  const exported: Record<string, unknown> = { ...definition, ...(said === enabled ? {} : { isEnabled: enabled }) };
  if (kind === 'dictionary' && csv !== undefined && lastOf(String(exported.csv ?? '')) !== lastOf(csv))
    return { ...exported, csv: lastOf(csv) };
  return exported;
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
