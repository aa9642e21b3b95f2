import type { PatternSpec } from '../pattern-spec.ts';

const net = { category: 'Technology', weight: 'shape' } as const;
const HEX = '[0-9A-Fa-f]';

/** Addresses and names of the Internet. */
export const INTERNET: readonly PatternSpec[] = [
  {
    ...net,
    name: 'E-mail Address',
    tag: 'E-mail Address',
    category: 'Contact',
    regex: ["(?i)[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9][a-z0-9.-]{1,250}[a-z0-9]"],
    validator: 'email',
    naming: {
      anywhere: ['e mail', 'email', 'mail address', 'correo', 'courriel', 'メール', '이메일', '邮箱', '邮件'],
      words: ['mail'],
    },
    sensitivity: 'MEDIUM',
  },
  {
    ...net,
    name: 'URL',
    tag: 'URL',
    regex: [
      '(?i)(?:https?|ftps?|sftp|wss?)://[^\\s/?#"<>]+(?:[/?#][^\\s"<>]*)?',
      '(?i)www\\.[a-z0-9-]+(?:\\.[a-z0-9-]+)+(?:[/?#][^\\s"<>]*)?',
    ],
    naming: {
      anywhere: ['website', 'web site', 'homepage', 'hyperlink', 'webseite'],
      words: ['url', 'uri', 'link', 'href', 'web'],
    },
  },
  {
    ...net,
    name: 'Domain Name',
    tag: 'Domain Name',
    regex: ['(?i)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}[a-z]{2,24}'],
    weight: 'name',
    naming: { anywhere: ['domain', 'hostname', 'host name', 'fqdn'], words: ['host', 'server', 'dns'] },
  },
  {
    ...net,
    name: 'IPv4 Address',
    tag: 'IP Address',
    regex: ['[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(?:[/:][0-9]{1,5})?'],
    validator: 'ipv4',
    naming: {
      anywhere: ['ip address', 'ip adresse', 'ipaddr', 'ipv4', 'adresse ip', 'dirección ip'],
      words: ['ip', 'addr', 'host', 'client ip', 'remote'],
      against: [
        'version',
        'release',
        'revision',
        'firmware',
        'build',
        'software',
        'driver',
        'oid',
        'section',
        'バージョン',
        '버전',
        '版本',
      ],
    },
    sensitivity: 'LOW',
  },
  {
    ...net,
    name: 'IPv6 Address',
    tag: 'IP Address',
    regex: [`[0-9A-Fa-f:.]{2,45}(?:%[0-9A-Za-z]{1,16})?(?:/[0-9]{1,3})?`],
    validator: 'ipv6',
    naming: { anywhere: ['ip address', 'ip adresse', 'ipaddr', 'ipv6'], words: ['ip', 'addr'] },
    sensitivity: 'LOW',
  },
  {
    ...net,
    name: 'MAC Address',
    tag: 'MAC Address',
    regex: [`${HEX}{2}(?::${HEX}{2}){5}`, `${HEX}{2}(?:-${HEX}{2}){5}`, `${HEX}{4}\\.${HEX}{4}\\.${HEX}{4}`],
    validator: 'mac',
    naming: {
      anywhere: ['mac address', 'mac addr', 'hardware address', 'ethernet'],
      words: ['mac', 'hwaddr', 'bssid'],
    },
    sensitivity: 'LOW',
  },
  {
    ...net,
    name: 'UUID',
    tag: 'UUID',
    regex: [
      `\\{?${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}\\}?`,
      `(?i)urn:uuid:${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`,
    ],
    validator: 'uuid',
    naming: { words: ['uuid', 'guid', 'id', 'uid'] },
  },
];
