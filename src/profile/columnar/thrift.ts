const STOP = 0;
const [TRUE, FALSE] = [1, 2];
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Types of the items of a list. */
export const ITEMS = { i32: I32, binary: BINARY, struct: STRUCT } as const;

/** Seven bits a byte, the lowest first. @param value a whole number from 0 on; up to 2^53, so no shifting */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Writes the compact protocol of Apache Thrift ("thrift-compact-protocol.md"), as far as Parquet needs it: fields in ascending order. */
export class ThriftWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #field = 0;
  readonly #outer: number[] = [];

  bool(field: number, value: boolean): void {
    this.#head(field, value ? TRUE : FALSE);
  }

  i32(field: number, value: number): void {
    this.#head(field, I32);
    this.#zigzag(value);
  }

  /** @param value a safe integer */
  i64(field: number, value: number): void {
    this.#head(field, I64);
    this.#zigzag(value);
  }

  binary(field: number, value: Uint8Array | string): void {
    this.#head(field, BINARY);
    this.#binary(value);
  }

  struct(field: number, write: () => void): void {
    this.#head(field, STRUCT);
    this.item(write);
  }

  /** @param items a struct writes itself by `item`, which writes its end too */
  list<T>(field: number, type: keyof typeof ITEMS, items: readonly T[], write: (item: T) => void): void {
    this.#head(field, LIST);
    if (items.length < 15) this.#byte((items.length << 4) | ITEMS[type]);
    else {
      this.#byte(0xf0 | ITEMS[type]);
      this.#varint(items.length);
    }
    for (const item of items) write(item);
  }

  item(write: () => void): void {
    this.#outer.push(this.#field);
    this.#field = 0;
    write();
    this.#byte(STOP);
    this.#field = this.#outer.pop() ?? 0;
  }

  i32Item(value: number): void {
    this.#zigzag(value);
  }

  binaryItem(value: string): void {
    this.#binary(value);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #head(field: number, type: number): void {
    const delta = field - this.#field;
    if (delta < 1 || delta > 15) throw new Error(`field ${field} was written after ${this.#field}`);
    this.#field = field;
    this.#byte((delta << 4) | type);
  }

  #binary(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    this.#varint(bytes.length);
    for (const byte of bytes) this.#byte(byte);
  }

  /** Safe integers do not fit into 32 bits: no shifting. */
  #zigzag(value: number): void {
    this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #varint(value: number): void {
    for (const byte of varint(value)) this.#byte(byte);
  }

  #byte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
