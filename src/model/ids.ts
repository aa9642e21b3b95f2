import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** Job and data source ids: 24 hex digits, the first eight are the second of creation (like a MongoDB ObjectId). */
export function newHexId(nowMs: number = Date.now()): string {
  const seconds = Math.floor(nowMs / 1000) & 0xffffffff;
  return (seconds >>> 0).toString(16).padStart(8, '0') + randomBytes(8).toString('hex');
}

/** Entity ids: UUIDv7 (RFC 9562), so that rows made together lie together. */
export function newEntityId(): string {
  return v7();
}

const HEX24 = /^[0-9a-f]{24}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isHexId = (text: string): boolean => HEX24.test(text);
/** Any UUID-shaped text, whatever its version bits. */
export const isUuid = (text: string): boolean => UUID.test(text);
