import type { ControlledTransaction } from 'kysely';
import type { Effects } from '../model/job-status.ts';
import { boundLoad, boundLockWait } from '../store/bound-waits.ts';
import type { Database, Db, Trx } from '../store/database.ts';
import { holdSource } from '../store/ingest.ts';
import { copyListing, endLoad, knowsAny, type Loaded, type LoadPlace } from '../store/load-listing.ts';
import { refreshStatistics } from '../store/refresh-statistics.ts';
import type { Harvest } from './harvest.ts';
import type { Spool } from './spool.ts';

/**
 * How long a listing may keep a transaction of the catalog open: while it lasts nothing can be vacuumed, the queue of tasks
 * neither, and who would store the same schema waits. A slower source is merged when it was read.
 */
const LONGEST_LISTING_MS = 120_000;

/**
 * Copies the first listing of a schema into the catalog while it is still being read, behind the file in which it is kept. What
 * comes of it counts only when the listing turns out to be whole; otherwise the transaction rolls back, and the file is merged
 * as if nothing had been tried. So nothing that goes wrong here is an error of the task: merging meets it again, or it has passed.
 */
export class EarlyLoad {
  readonly #db: Db;
  readonly #place: LoadPlace;
  readonly #longestMs: number;
  readonly #stop = new AbortController();
  #spool: Spool | undefined;
  #trx: ControlledTransaction<Database> | undefined;
  #copying: Promise<Loaded | undefined> = Promise.resolve(undefined);
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Db, place: LoadPlace, longestMs = LONGEST_LISTING_MS) {
    this.#db = db;
    this.#place = place;
    this.#longestMs = longestMs;
  }

  /** For `onSpool`. A listing that begins anew is not loaded early. */
  follow(spool: Spool): void {
    if (this.#spool) {
      this.#stop.abort();
      return;
    }
    this.#spool = spool;
    this.#timer = setTimeout(() => this.#stop.abort(), this.#longestMs);
    this.#copying = this.#copy(spool).catch(async () => {
      await this.#rollBack();
      return undefined;
    });
  }

  /**
   * Waits until everything is copied.
   *
   * @returns the open transaction and what is left to do in it; undefined when the harvest has to be merged
   */
  async finish(
    done: Harvest,
  ): Promise<{ trx: ControlledTransaction<Database>; write(trx: Trx): Promise<Effects> } | undefined> {
    clearTimeout(this.#timer);
    const { spool, failed, unproven, complete } = done;
    const whole =
      failed.length === 0 && unproven.length === 0 && this.#place.units.every((unit) => complete.includes(unit));
    const loaded = whole && spool === this.#spool && spool.kept === 0 ? await this.#copying : undefined;
    const trx = this.#trx;
    if (!loaded || !trx) {
      await this.giveUp();
      return undefined;
    }
    return {
      trx,
      write: async (open) => {
        const effects = await endLoad(open, loaded, this.#place);
        await refreshStatistics(open, effects);
        await holdSource(open, this.#place.source.id);
        return effects;
      },
    };
  }

  /** Takes everything back, unless the transaction has ended. */
  async giveUp(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#copying;
    await this.#rollBack();
  }

  async #copy(spool: Spool): Promise<Loaded | undefined> {
    this.#trx = await this.#db.startTransaction().execute();
    await boundLoad(this.#trx, this.#place);
    if (await knowsAny(this.#trx, this.#place)) return undefined;
    const loaded = await copyListing(this.#trx, spool.follow(this.#stop.signal), this.#place);
    await boundLockWait(this.#trx);
    return loaded;
  }

  async #rollBack(): Promise<void> {
    const trx = this.#trx;
    this.#trx = undefined;
    if (!trx || trx.isCommitted || trx.isRolledBack) return;
    // A connection that broke has rolled back.
    await trx
      .rollback()
      .execute()
      .catch(() => {});
  }
}
