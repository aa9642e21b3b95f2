export async function demo(_options: Record<string, string | boolean>): Promise<number> {
  throw new Error('not yet');
}
