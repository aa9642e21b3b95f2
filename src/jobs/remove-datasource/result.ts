import type { Conclusion, FinishedTask } from '../job.ts';
import type { RemovalInput } from './accept.ts';

export function concludeRemoval(_tasks: FinishedTask[], input: RemovalInput): Conclusion {
  return {
    result: { id: input.sourceId, fqdnId: input.fqdnId, resourceName: input.resourceName },
    message: `Removed data source "${input.resourceName}" and everything it brought; its name and fqdnId "${input.fqdnId}" are free.`,
  };
}
