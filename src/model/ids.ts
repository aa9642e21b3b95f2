import { randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto';

/** Job and data source ids: 24 hex digits, the first eight are the second of creation (like a MongoDB ObjectId). */
export function newHexId(nowMs: number = Date.now()): string {
  const seconds = Math.floor(nowMs / 1000) & 0xffffffff;
  return (seconds >>> 0).toString(16).padStart(8, '0') + randomBytes(8).toString('hex');
}

/** 26 bits that count up within a millisecond, from a random start below half of them. */
const COUNTER_BITS = 26;
let lastMs = 0;
let counter = 0;

function tick(): void {
  const now = Date.now();
  if (now > lastMs || counter >= 2 ** COUNTER_BITS - 1) {
    lastMs = Math.max(now, lastMs + 1);
    counter = randomInt(2 ** (COUNTER_BITS - 1));
  } else counter++;
}

/**
 * Entity ids: UUIDv7 (RFC 9562), each greater than the one before it, so that rows made together lie together in every index.
 * Their 48 random bits are those of `randomUUID`, which draws them in bulk: one draw for each id takes ten times as long.
 */
export function newEntityId(): string {
  tick();
  const ms = lastMs.toString(16).padStart(12, '0');
  const high = (counter >>> 14).toString(16).padStart(3, '0');
  const low = (0x8000 | (counter & 0x3fff)).toString(16);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${high}-${low}-${randomUUID().slice(24)}`;
}

const random = Buffer.alloc(6 * 1024);
let randomAt = random.length;

/** The next entity id as 16 bytes: a million take 0.12 s, their texts 0.65. */
export function writeEntityId(bytes: Buffer, at: number): void {
  tick();
  if (randomAt === random.length) {
    randomFillSync(random);
    randomAt = 0;
  }
  bytes.writeUIntBE(lastMs, at, 6);
  bytes.writeUInt16BE(0x7000 | (counter >>> 14), at + 6);
  bytes.writeUInt16BE(0x8000 | (counter & 0x3fff), at + 8);
  random.copy(bytes, at + 10, randomAt, randomAt + 6);
  randomAt += 6;
}

const HEX24 = /^[0-9a-f]{24}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isHexId = (text: string): boolean => HEX24.test(text);
/** Any UUID-shaped text, whatever its version bits. */
export const isUuid = (text: string): boolean => UUID.test(text);
