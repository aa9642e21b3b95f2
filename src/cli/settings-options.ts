import { type Command, Option } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { type Config, SETTINGS, type Setting, type SettingName } from '../config/settings.ts';

/** Gives a command the flags of these settings. They stay texts here: `loadConfig` checks them, with everything else. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const setting: Setting = SETTINGS[name];
    const option = new Option(setting.flag!, `${setting.meaning} (${setting.env})`);
    command.addOption(option);
  }
  return command.option('--config <file>', 'JSON file with settings by name (ASSAY_CONFIG)');
}

/** The configuration from the flags of a command, the environment, the file and the defaults. */
export function configOf(options: Record<string, unknown>, extra: Partial<Record<SettingName, unknown>> = {}): Config {
  const flags: Partial<Record<SettingName, unknown>> = {};
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    if (setting.flag) flags[name] = options[new Option(setting.flag).attributeName()];
  }
  return loadConfig({ flags: { ...flags, ...extra }, file: options.config as string | undefined });
}
