import { SETTINGS, type Setting } from './settings.ts';

/** The documentation of the settings, as a Markdown table per group. */
export function settingsTable(): string {
  const groups = Map.groupBy(Object.entries(SETTINGS) as [string, Setting][], ([, setting]) => setting.group);
  return [...groups]
    .map(([group, rows]) => {
      const lines = rows.map(
        ([name, setting]) =>
          `| ${name} | \`${setting.env}\` | ${setting.flag ? `\`${setting.flag.replaceAll('|', '\\|')}\`` : ''} | ${defaultText(setting)} | ${setting.meaning} |`,
      );
      const head = ['| setting | environment | flag | default | meaning |', '|---|---|---|---|---|'];
      return [`## ${group[0]?.toUpperCase()}${group.slice(1)}`, '', ...head, ...lines].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

const defaultText = (setting: Setting): string =>
  setting.fallbackText ?? (setting.fallback ? String(setting.fallback()) : '');
