import { sql } from 'kysely';
import type { Db } from '../store/database.ts';

export interface WorkerIdentity {
  id: string;
  name: string;
  host: string;
  pid: number;
  software: string;
  affinities: string[];
  slots: number;
}

/** Says that this worker lives. Inserts its row when it is new or was purged. */
export async function heartbeat(db: Db, worker: WorkerIdentity, running: number): Promise<void> {
  await sql`
    INSERT INTO worker (id, name, host, pid, software, affinities, slots, running)
    VALUES (${worker.id}, ${worker.name}, ${worker.host}, ${worker.pid}, ${worker.software}, ${worker.affinities}::text[],
      ${worker.slots}, ${running})
    ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), running = excluded.running, stopped_at = NULL`.execute(db);
}

export async function signOff(db: Db, workerId: string): Promise<void> {
  await sql`UPDATE worker SET stopped_at = now(), running = 0 WHERE id = ${workerId}`.execute(db);
}
