import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CopyMessages } from './copy-messages.ts';

const message = (letter: string, content: Uint8Array): Buffer => {
  const header = Buffer.alloc(5);
  header.write(letter, 'latin1');
  header.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([header, content]);
};
const content = fc.uint8Array({ maxLength: 30 });
const messages = fc.array(fc.record({ letter: fc.constantFrom('H', 'd', 'd', 'd', 'N', 'S', 'A'), content }), {
  maxLength: 30,
});

it('gives the rows of all messages, wherever packets are cut, and leaves what follows them', () => {
  fc.assert(
    fc.property(
      messages,
      fc.constantFrom('c', 'E', 'Z'),
      content,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 50 }),
      (sent, letter, behind, cuts, blockBytes) => {
        const rows = Buffer.concat(sent.filter((one) => one.letter === 'd').map((one) => one.content));
        const follows = message(letter, behind);
        const bytes = Buffer.concat([...sent.map((one) => message(one.letter, one.content)), follows]);
        const blocks: Buffer[] = [];
        const taken = new CopyMessages(blockBytes, (block) => blocks.push(block));
        let at = 0;
        let end: number | undefined;
        for (let i = 0; end === undefined; i++) {
          const packet = bytes.subarray(at, at + (cuts[i % cuts.length] ?? 1));
          const found = taken.take(packet);
          if (found !== undefined) end = at + found;
          at += packet.length;
        }
        expect(bytes.subarray(end)).toEqual(follows);
        expect(blocks.every((block) => block.length === blockBytes)).toBe(true);
        expect(Buffer.concat([...blocks, taken.rest()])).toEqual(rows);
      },
    ),
  );
});
