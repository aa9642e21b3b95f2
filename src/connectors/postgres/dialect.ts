export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quotePath = (path: readonly string[]): string => path.map(quoteName).join('.');
