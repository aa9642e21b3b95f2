import { settingsTable } from '../../src/config/settings-table.ts';

/** docs/settings.md from the table of settings. */
export function buildSettingsPage(): string {
  return `# Settings

Every setting may come from the command line, the environment or a file; where several give it, the command line wins,
then the environment. An empty variable counts as absent. The variable ASSAY_CONFIG names a JSON file of settings by
name. Secrets have no flag, because every user of a machine can read the arguments of a process.

${settingsTable()}`;
}
