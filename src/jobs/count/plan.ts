import type { TaskDraft } from '../job.ts';

export interface CountPayload extends Record<string, unknown> {
  item: number;
  /** Absent in the task that folds the parts of its item. */
  part?: number;
}

const itemKey = (item: number): string => `i${String(item).padStart(6, '0')}`;

/** Items × parts tasks and, with several parts, one fold task per item in the next stage. Items of one part may go together. */
export function planCount(request: { items: number; partsPerItem: number; together?: number }): TaskDraft[] {
  const { together = 1 } = request;
  const tasks: TaskDraft[] = [];
  for (let item = 0; item < request.items; item++) {
    const name = itemKey(item);
    if (request.partsPerItem === 1) {
      const lane = together > 1 ? { lane: `lane ${Math.floor(item / together)}`, together } : {};
      tasks.push({ key: name, item: name, title: `item ${item}`, payload: { item, part: 0 }, ...lane });
      continue;
    }
    for (let part = 0; part < request.partsPerItem; part++) {
      const key = `${name}.p${String(part).padStart(4, '0')}`;
      tasks.push({ key, item: name, title: `item ${item}, part ${part}`, payload: { item, part } });
    }
    tasks.push({ key: `${name}.z`, item: name, title: `item ${item}, fold`, stage: 1, payload: { item } });
  }
  return tasks;
}
