import { generateKeyPairSync, sign } from 'node:crypto';

/** Both as PEM. */
export interface SelfSigned {
  cert: string;
  key: string;
}

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const octets = (...parts: Buffer[]): Buffer => der(0x04, ...parts);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);

const ECDSA_WITH_SHA256 = sequence(hex('06082a8648ce3d040302'));
const COMMON_NAME = hex('0603550403');
const BASIC_CONSTRAINTS = hex('0603551d13');
const SUBJECT_ALT_NAME = hex('0603551d11');
const TRUE = hex('0101ff');

/** A certificate for this machine that nobody but itself vouches for (X.509 v3, RFC 5280), good for a day. Node makes none. */
export function makeSelfSigned(now = Date.now()): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from('assay test')))));
  const time = (at: number): Buffer =>
    der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
  const hour = 3_600_000;
  const names = sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost')));
  const signed = sequence(
    der(0xa0, hex('020102')),
    hex('020101'),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(now - hour), time(now + 24 * hour)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE))), sequence(SUBJECT_ALT_NAME, octets(names))),
    ),
  );
  const cert = sequence(signed, ECDSA_WITH_SHA256, bits(sign('sha256', signed, privateKey)));
  const lines = cert.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
