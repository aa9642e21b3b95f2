/** The same login at another database. `url` as `postgresql://user:password@host/database?…`; the host may be empty. */
export function onDatabase(url: string, database: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/?]*)(\/[^?]*)?/, (_, login: string) => `${login}/${database}`);
}
