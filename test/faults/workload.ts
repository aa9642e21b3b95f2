import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptJob, type JobUser } from '../../src/engine/accept-job.ts';
import { countSpec } from '../../src/jobs/count/schema.ts';
import { expectedSum } from '../../src/jobs/count/series.ts';
import type { JobRow } from '../../src/store/database.ts';
import type { Store } from '../../src/store/open-store.ts';
import type { Random } from './random.ts';

/** A job that was started, and how its result is known in advance. */
export interface Started {
  id: string;
  what: string;
  /** Empty when the job is as an undisturbed run leaves it, else what differs. */
  judge(job: JobRow): string[];
}

const user: JobUser = {
  id: '0190a000-0000-7000-8000-00000000fa17',
  username: 'faults',
  snapshot: { name: 'Faults', email: '', firstName: '', lastName: '' },
};

/** A counting job, written to the store directly; its sum and the number of its parts are known. */
export async function startCount(store: Store, random: Random): Promise<Started> {
  const items = random.between(3, 8);
  const partsPerItem = random.between(1, 3);
  const together = random.between(1, 5);
  const workMs = random.between(20, 400);
  const input = countSpec.request.parse({ items, partsPerItem, together, workMs }) as Record<string, unknown>;
  const { job } = await acceptJob(
    store.db,
    {
      name: 'COUNT',
      input,
      scope: { dataSources: [], scope: [] },
      resourceIds: [],
      affinity: 'DEFAULT',
      lockKeys: [],
      warnings: [],
    },
    user,
  );
  const tasks = items * (partsPerItem > 1 ? partsPerItem + 1 : 1);
  return {
    id: job.id,
    what: 'COUNT',
    judge(ended) {
      const wrong: string[] = [];
      if (ended.status !== 'COMPLETED') wrong.push(`ended ${ended.status}: ${ended.message}`);
      if (ended.result?.sum !== expectedSum(items, partsPerItem)) wrong.push(`sum ${String(ended.result?.sum)}`);
      if (ended.effects?.created.parts !== tasks)
        wrong.push(`${ended.effects?.created.parts} results committed, expected ${tasks}`);
      return wrong;
    },
  };
}

/** A client of the REST API that asks again, with the same Idempotency-Key, until it has an answer. */
export class Client {
  private readonly url: string;
  private readonly password: string;
  private token = '';
  /** One per job that was asked for; a repeated request has the key of its first. */
  readonly keys = new Set<string>();
  /** Requests that had no answer and were sent again. */
  repeated = 0;

  constructor(url: string, password: string) {
    this.url = url;
    this.password = password;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    key: string = randomUUID(),
  ): Promise<Record<string, unknown>> {
    if (path.startsWith('/jobs/execute/')) this.keys.add(key);
    const until = Date.now() + 60_000;
    for (;;) {
      try {
        if (!this.token) await this.signIn();
        const answer = await fetch(`${this.url}/api/public/v1${path}`, {
          method,
          headers: {
            authorization: `Bearer ${this.token}`,
            'content-type': 'application/json',
            'idempotency-key': key,
          },
          body: body === undefined ? undefined : JSON.stringify(body),
          signal: AbortSignal.timeout(15_000),
        });
        if (answer.status === 401) this.token = '';
        else if (answer.status < 500) {
          const json = (await answer.json()) as Record<string, unknown>;
          if (answer.ok) return json;
          throw new Refused(`${method} ${path} answered ${answer.status}: ${JSON.stringify(json)}`);
        }
      } catch (error) {
        if (error instanceof Refused || Date.now() > until) throw error;
      }
      this.repeated++;
      await pause(250);
    }
  }

  /** Starts a job and waits until it has ended well. @returns its id */
  async run(path: string, body: unknown): Promise<string> {
    const id = await this.start(path, body);
    await this.awaitEnd(id);
    return id;
  }

  async start(path: string, body: unknown): Promise<string> {
    const accepted = (await this.call('POST', path, body)) as { data: { _id: string } };
    return accepted.data._id;
  }

  /** @throws when it fails, is cancelled, or takes more than three minutes */
  async awaitEnd(id: string): Promise<void> {
    const until = Date.now() + 180_000;
    for (;;) {
      const status = await this.call('GET', `/jobs/${id}/status`);
      if (status.status === 'COMPLETED') return;
      if (status.status === 'FAILED' || status.status === 'CANCELLED')
        throw new Error(`job ${id} ended ${status.status}: ${String(status.message)}`);
      if (Date.now() > until) throw new Error(`job ${id} never ended: ${JSON.stringify(status)}`);
      await pause(200);
    }
  }

  private async signIn(): Promise<void> {
    const answer = await fetch(`${this.url}/api/public/v1/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: this.password }),
      signal: AbortSignal.timeout(15_000),
    });
    const json = (await answer.json()) as { data?: { accessToken?: string } };
    this.token = json.data?.accessToken ?? '';
    if (!this.token) throw new Error(`sign-in answered ${answer.status}`);
  }
}

class Refused extends Error {}

/** A SQLite file with tables whose content follows from the seed. */
export function writeSource(path: string, random: Random): void {
  const file = new DatabaseSync(path);
  for (let table = 0; table < 6; table++) {
    file.exec(`CREATE TABLE t${table} (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount REAL, note TEXT)`);
    const insert = file.prepare(`INSERT INTO t${table} VALUES (?, ?, ?, ?)`);
    file.exec('BEGIN');
    for (let row = 0; row < 2_000; row++) {
      insert.run(
        row,
        `name ${random.between(0, 500)}`,
        random.between(0, 10_000) / 4,
        row % 7 === 0 ? null : ' '.repeat(row % 3),
      );
    }
    file.exec('COMMIT');
  }
  file.close();
}
