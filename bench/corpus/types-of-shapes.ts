import { createHash } from 'node:crypto';
import { validators } from '../../src/identify/validators/index.ts';
import { below, between, fill, pick, someDay } from './column.ts';
import type { ColumnType } from './layouts.ts';
import { type Make, of } from './makers.ts';

/** The first of what `make` makes that passes a check: numbers with check digits by trying, as the rules of their making are in src. */
const valid =
  (check: string, make: Make): Make =>
  (random) => {
    for (let tries = 0; tries < 20_000; tries++) {
      const value = make(random);
      if (validators[check]?.(value)) return value;
    }
    throw new Error(`nothing that passes ${check} was made`);
  };
const dayFirst =
  (rest: string): Make =>
  (random) => {
    const { day, month, short } = someDay(random);
    return day + month + short + fill(random, rest);
  };
const yearFirst =
  (rest: string): Make =>
  (random) => {
    const { day, month, short } = someDay(random);
    return short + month + day + fill(random, rest);
  };

const USERS = ['anna', 'j.smith', 'yuki_tanaka', 'm.mueller', 'lee', 'info', 'sales+eu', 'o.garcia', 'nils-p', 'kim2'];
const HOSTS = [
  'example.com',
  'mail.example.org',
  'firma.example',
  'uni.example.edu',
  'shop.example.co.uk',
  'example.jp',
];
const email: Make = (random) => `${pick(random, USERS)}${below(random, 900)}@${pick(random, HOSTS)}`;
const url: Make = (random) =>
  `${pick(random, ['http', 'https'])}://${pick(random, ['www.', '', 'api.'])}${pick(random, HOSTS)}/${fill(random, '~~~~')}${pick(random, ['', '?id=5', '#top', '/index.html'])}`;
const ipv4: Make = (random) =>
  [between(random, 1, 223), below(random, 256), below(random, 256), between(random, 1, 254)].join('.');
const hex = (count: number): string => '%'.repeat(count);
const uuid: Make = (random) =>
  `${fill(random, hex(8))}-${fill(random, hex(4))}-${pick(random, ['1', '4', '7'])}${fill(random, hex(3))}-${pick(random, ['8', '9', 'a', 'b'])}${fill(random, hex(3))}-${fill(random, hex(12))}`;
const jwt: Make = (random) =>
  [
    { alg: pick(random, ['HS256', 'RS256']), typ: 'JWT' },
    { sub: fill(random, '######'), iat: 1_700_000_000 + below(random, 1e6) },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(fill(random, '~'.repeat(43)))
    .join('.');

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const bitcoin: Make = (random) => {
  const body = Buffer.from([pick(random, [0, 5]), ...Array.from({ length: 20 }, () => below(random, 256))]);
  const bytes = Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]);
  let [value, text] = [BigInt(`0x${bytes.toString('hex')}`), ''];
  for (; value > 0n; value /= 58n) text = BASE58[Number(value % 58n)] + text;
  return '1'.repeat(bytes.findIndex((byte) => byte !== 0)) + text;
};

/** Day of birth and dates, each column in one spelling. */
const iso: Make = (random) => {
  const { day, month, year } = someDay(random);
  return `${year}-${month}-${day}`;
};
const german: Make = (random) => {
  const { day, month, year } = someDay(random);
  return `${day}.${month}.${year}`;
};
const american: Make = (random) => {
  const { day, month, year } = someDay(random);
  return `${Number(month)}/${Number(day)}/${year}`;
};
const eastAsian: Make = (random) => {
  const { day, month, year } = someDay(random);
  return `${year}年${Number(month)}月${Number(day)}日`;
};
const instant: Make = (random) =>
  `${iso(random)}T${String(below(random, 24)).padStart(2, '0')}:${fill(random, '3#:2#')}Z`;
const time: Make = (random) =>
  `${String(below(random, 24)).padStart(2, '0')}:${pick(random, ['0', '1', '2', '3', '4', '5'])}${below(random, 10)}`;
const degrees =
  (limit: number): Make =>
  (random) =>
    ((random() * 2 - 1) * limit).toFixed(between(random, 4, 6));
const iban: Make = valid(
  'iban',
  of(
    'DE####################',
    'NL##INGB##########',
    'FR#########################',
    'GB##BARC##############',
    'ES######################',
    'AT##################',
  ),
);
const bank: Make = (random) =>
  fill(random, `@@@@${pick(random, ['DE', 'FR', 'GB', 'JP', 'US', 'NL'])}**`) + pick(random, ['', 'XXX']);
const fiscalCode: Make = valid('it-fiscal-code', (random) =>
  fill(random, `@@@@@@##${pick(random, [...'ABCDEHLMPRST'])}${String(between(random, 1, 28)).padStart(2, '0')}@###@`),
);
const curp: Make = valid(
  'mx-curp',
  (random) =>
    fill(random, '@') +
    pick(random, [...'AEIOU']) +
    fill(random, '@@') +
    yearFirst('')(random) +
    pick(random, ['H', 'M']) +
    pick(random, ['DF', 'JC', 'NL', 'OC']) +
    'RLZ' +
    fill(random, '##'),
);

/** What, tags, value, names to tune on, names to measure on, and whether a name that says nothing will do. */
type Row = readonly [
  what: string,
  tags: readonly string[],
  value: Make,
  development: readonly string[],
  heldOut: readonly string[],
  nameless?: true,
  also?: readonly string[],
];
const [PERSON, TAX, COMPANY, INSURANCE, PHONE, POSTAL] = [
  ['National ID Number'],
  ['Tax Number'],
  ['Company Number'],
  ['Social Insurance Number'],
  ['Phone Number'],
  ['Postal Code'],
];

const ROWS: readonly Row[] = [
  ['e-mail', ['E-mail Address'], email, ['email', 'e_mail'], ['ContactEmail', 'correo', 'メール'], true],
  ['URL', ['URL'], url, ['url'], ['website', 'link'], true],
  [
    'domain',
    ['Domain Name'],
    (random) => fill(random, '~~~~').toLowerCase() + pick(random, HOSTS),
    ['domain'],
    ['hostname'],
    undefined,
  ],
  ['IPv4', ['IP Address'], ipv4, ['ip', 'client_ip'], ['remoteAddr', 'src_ip', 'source'], true],
  ['IPv6', ['IP Address'], of('2001:db8:%%%%::%%%%', 'fe80::%%%%:%%%%:%%%%:%%%%'), ['ipv6'], ['ip_address'], true],
  ['MAC', ['MAC Address'], of('%%:%%:%%:%%:%%:%%'), ['mac'], ['hw_address'], true],
  ['MAC with hyphens', ['MAC Address'], of('%%-%%-%%-%%-%%-%%'), ['mac_addr'], ['MACAddress'], true],
  ['UUID', ['UUID'], uuid, ['id', 'uuid'], ['session_guid', 'objectId'], true],
  ['IBAN', ['IBAN'], iban, ['iban'], ['bank_account', 'IBAN_NR'], true],
  ['BIC', ['BIC'], bank, ['bic'], ['swift_code', 'SWIFT']],
  [
    'credit card',
    ['Credit Card Number'],
    valid('credit-card', of('4###############', '51##############', '37#############')),
    ['card_number'],
    ['ccNumber', 'Kreditkarte'],
    true,
  ],
  [
    'credit card with blanks',
    ['Credit Card Number'],
    valid('credit-card', of('4### #### #### ####', '5### #### #### ####')),
    ['credit_card'],
    ['pan'],
  ],
  [
    'ISIN',
    ['ISIN'],
    valid('isin', of('US##########', 'DE000*******', 'FR##########')),
    ['isin'],
    ['security_id'],
    true,
  ],
  ['ISBN-13', ['ISBN'], valid('isbn13', of('978##########', '978-#-###-#####-#')), ['isbn'], ['ISBN13'], true],
  ['ISBN-10', ['ISBN'], valid('isbn10', of('##########')), ['isbn'], ['isbn10']],
  [
    'EAN',
    ['EAN or UPC'],
    valid('ean13', of('40###########', '49###########', '50###########')),
    ['ean', 'barcode'],
    ['ean_code', 'Strichcode'],
    true,
  ],
  ['ISSN', ['ISSN'], valid('issn', of('####-####')), ['issn'], ['issn_print'], true],
  [
    'VIN',
    ['VIN'],
    valid('vin', (random) => fill(random, '1*******#********').replaceAll(/[IOQ]/g, 'H')),
    ['vin'],
    ['chassis_no'],
    true,
  ],
  ['IMEI', ['IMEI'], valid('imei', of('35#############', '86#############')), ['imei'], ['device_imei'], true],
  ['ORCID', ['ORCID'], valid('orcid', of('0000-000#-####-####')), ['orcid'], ['author_orcid'], true],
  ['DOI', ['DOI'], of('10.####/~~~~.####.###'), ['doi'], ['article_doi'], true],
  [
    'phone with country',
    PHONE,
    valid('phone', of('+49 30 #######', '+1 212 ### ####', '+81 3 #### ####', '+44 20 7### ####', '+33 1 42 ## ## ##')),
    ['phone', 'Telefon'],
    ['contactNumber', 'mobile_no', '電話番号'],
    true,
  ],
  [
    'phone of the United States',
    PHONE,
    valid('phone-us', of('(212) ###-####', '(415) ###-####')),
    ['phone'],
    ['home_phone', 'cell'],
  ],
  [
    'phone of Germany',
    PHONE,
    valid('phone-de', of('030 #######', '0171 #######', '089/######')),
    ['telefon'],
    ['Telefonnummer', 'handy'],
  ],
  ['phone of France', PHONE, valid('phone-fr', of('01 42 ## ## ##', '06 ## ## ## ##')), ['telephone'], ['portable']],
  ['phone of Japan', PHONE, valid('phone-jp', of('03-####-####', '090-####-####')), ['電話'], ['携帯番号', 'tel']],
  ['phone of Korea', PHONE, valid('phone-kr', of('010-####-####', '02-###-####')), ['전화번호'], ['휴대폰번호']],
  [
    'postal code of the United States',
    POSTAL,
    of('#####', '#####-####'),
    ['zip', 'zip_code'],
    ['postalCode', 'mailing_zip'],
  ],
  [
    'postal code of the United Kingdom',
    POSTAL,
    (random) =>
      fill(random, `${pick(random, ['SW', 'EC', 'M', 'LS', 'B'])}${between(random, 1, 9)} #`) +
      pick(random, ['AA', 'BD', 'XY', 'LN', 'QU']),
    ['postcode'],
    ['post_code'],
  ],
  [
    'postal code of Germany',
    POSTAL,
    (random) => String(between(random, 1_067, 99_998)).padStart(5, '0'),
    ['plz'],
    ['Postleitzahl'],
  ],
  ['postal code of Japan', POSTAL, of('###-####'), ['郵便番号'], ['zipcode']],
  [
    'postal code of Canada',
    POSTAL,
    (random) =>
      `${pick(random, ['K', 'M', 'V'])}${below(random, 10)}${pick(random, ['A', 'B', 'C'])} ${below(random, 10)}${pick(random, ['A', 'E', 'G'])}${below(random, 10)}`,
    ['postal_code'],
    ['code_postal'],
  ],
  ['postal code of Poland', POSTAL, of('##-###'), ['kod_pocztowy'], ['zip']],
  ['SSN', PERSON, valid('us-ssn', of('###-##-####')), ['ssn'], ['SocialSecurityNumber'], true],
  ['SSN in digits', PERSON, valid('us-ssn', of('#########')), ['ssn'], ['social_security_no']],
  ['My Number', PERSON, valid('jp-my-number', of('############')), ['my_number'], ['個人番号'], true],
  ['RRN', PERSON, valid('kr-rrn', yearFirst('-#######')), ['주민등록번호'], ['resident_registration_no'], true],
  [
    'Chinese identity',
    PERSON,
    valid('cn-resident-id', (random) => {
      const { day, month, year } = someDay(random);
      return fill(random, '11####') + year + month + day + fill(random, '####');
    }),
    ['身份证'],
    ['id_card'],
    true,
  ],
  ['Aadhaar', PERSON, valid('in-aadhaar', of('#### #### ####')), ['aadhaar'], ['aadhar_no'], true],
  ['PAN', TAX, (random) => fill(random, '@@@P@####@'), ['pan'], ['PAN_Number'], true],
  ['NRIC', PERSON, valid('sg-nric', of('S#######@')), ['nric'], ['NRIC_No'], true],
  ['Turkish identity', PERSON, valid('tr-id', of('###########')), ['tc_kimlik_no'], ['tckn'], true],
  ['CPF', TAX, valid('br-cpf', of('###.###.###-##')), ['cpf'], ['cpf_cliente'], true],
  ['CNPJ', COMPANY, valid('br-cnpj', of('##.###.###/0001-##')), ['cnpj'], ['CNPJ_fornecedor'], true],
  ['CUIT', TAX, valid('ar-cuit', of('20-########-#')), ['cuit'], ['CUIT_CUIL'], true],
  ['RUT', PERSON, valid('cl-rut', of('##.###.###-#')), ['rut'], ['rut_cliente'], true],
  ['CURP', PERSON, curp, ['curp'], ['clave_curp'], true],
  ['SIN', PERSON, valid('ca-sin', of('### ### ###')), ['sin'], ['social_insurance_number']],
  ['TFN', TAX, valid('au-tfn', of('### ### ###')), ['tfn'], ['tax_file_number'], true],
  ['ABN', COMPANY, valid('au-abn', of('## ### ### ###')), ['abn'], ['supplier_abn'], true],
  ['South African identity', PERSON, valid('za-id', yearFirst('####08#')), ['id_number'], ['sa_id_number'], true],
  ['Steuer-ID', TAX, valid('de-tax-id', of('###########')), ['steuer_id'], ['SteuerIdentifikationsnummer'], true],
  [
    'Svnr',
    INSURANCE,
    valid('at-svnr', (random) => fill(random, '####') + dayFirst('')(random)),
    ['svnr'],
    ['Sozialversicherungsnummer'],
    true,
  ],
  ['AHV', INSURANCE, valid('ch-ahv', of('756.####.####.##')), ['ahv_nr'], ['AHV-Nummer'], true],
  [
    'NIR',
    PERSON,
    valid('fr-nir', of('1##0#75######90', '2##0#13######11', '1##0#33######42')),
    ['nir'],
    ['numero_securite_sociale'],
    true,
  ],
  ['SIRET', COMPANY, valid('fr-siret', of('##############')), ['siret'], ['num_siret'], true],
  ['BSN', PERSON, valid('nl-bsn', of('#########')), ['bsn'], ['burgerservicenummer'], true],
  ['Belgian number', PERSON, valid('be-nrn', yearFirst('#####')), ['rijksregisternummer'], ['niss'], true],
  ['NHS number', INSURANCE, valid('uk-nhs', of('### ### ####')), ['nhs_number'], ['NHSNo']],
  ['NINO', PERSON, valid('uk-nino', of('@@######A', '@@ ## ## ## C')), ['nino'], ['national_insurance_no'], true],
  ['DNI', PERSON, valid('es-dni', of('########@')), ['dni'], ['DNI_cliente'], true],
  ['codice fiscale', PERSON, fiscalCode, ['codice_fiscale'], ['CodFisc', 'cf'], true],
  ['personnummer', PERSON, valid('se-personal-number', yearFirst('-####')), ['personnummer'], ['person_nr'], true],
  ['fødselsnummer', PERSON, valid('no-personal-number', dayFirst('#####')), ['fodselsnummer'], ['fnr'], true],
  ['hetu', PERSON, valid('fi-personal-code', dayFirst('-###*')), ['hetu'], ['henkilotunnus'], true],
  ['PESEL', PERSON, valid('pl-pesel', yearFirst('#####')), ['pesel'], ['nr_pesel'], true],
  [
    'CNP',
    PERSON,
    valid('ro-cnp', (random) => pick(random, ['1', '2']) + yearFirst('######')(random)),
    ['cnp'],
    ['cod_numeric_personal'],
    true,
  ],
  [
    'VAT number',
    ['VAT Number'],
    valid('vat', of('DE#########', 'ATU########', 'NL#########B01', 'IT###########', 'PL##########')),
    ['vat_number'],
    ['USt-IdNr', 'vatId'],
    true,
  ],
  ['date ISO', ['Date'], iso, ['order_date'], ['shipped_on', 'Datum'], true, ['Date of Birth']],
  ['date German', ['Date'], german, ['datum'], ['Rechnungsdatum'], true],
  ['date American', ['Date'], american, ['invoice_date'], ['hired'], true],
  ['date East Asian', ['Date'], eastAsian, ['日付'], ['登録日'], true],
  ['instant', ['Date'], instant, ['created_at'], ['last_seen'], true],
  [
    'birth ISO',
    ['Date of Birth'],
    iso,
    ['date_of_birth', 'dob'],
    ['BirthDate', 'fecha_nacimiento'],
    undefined,
    ['Date'],
  ],
  ['birth German', ['Date of Birth'], german, ['geburtsdatum'], ['Geburtstag'], undefined, ['Date']],
  ['birth East Asian', ['Date of Birth'], eastAsian, ['生年月日'], ['誕生日'], undefined, ['Date']],
  ['time', ['Time of Day'], time, ['start_time'], ['Uhrzeit', 'opens'], true],
  [
    'coordinates',
    ['Geo Coordinates'],
    (random) => `${degrees(89)(random)}, ${degrees(179)(random)}`,
    ['location'],
    ['lat_lon', 'gps'],
    true,
  ],
  ['latitude', ['Latitude'], degrees(89), ['latitude', 'lat'], ['Breitengrad', 'geo_lat']],
  ['longitude', ['Longitude'], degrees(179), ['longitude', 'lng'], ['Längengrad', 'geo_lon']],
  [
    'passport',
    ['Passport Number'],
    of('C########', '@#######'),
    ['passport_number'],
    ['Reisepassnummer', 'passport_no'],
  ],
  [
    'driving licence',
    ['Driving Licence Number'],
    of('@#######', 'D####-#####-#####'),
    ['driver_license'],
    ['Führerscheinnummer', 'dl_no'],
  ],
  ['licence plate', ['Licence Plate'], of('B-@@ ####', 'M-@ ###', '@@@-####'), ['license_plate'], ['Kennzeichen']],
  [
    'AWS key',
    ['AWS Access Key'],
    (random) => `AKIA${fill(random, '@@@@@@@@@@@@@@@@')}`,
    ['access_key'],
    ['aws_key_id'],
    true,
  ],
  ['GitHub token', ['GitHub Token'], (random) => `ghp_${fill(random, '~'.repeat(36))}`, ['token'], ['gh_token'], true],
  [
    'Slack token',
    ['Slack Token'],
    of('xoxb-############-############-~~~~~~~~~~~~~~~~~~~~~~~~'),
    ['slack_token'],
    ['bot_token'],
    true,
  ],
  ['Stripe key', ['Stripe Key'], of('sk_live_~~~~~~~~~~~~~~~~~~~~~~~~'), ['stripe_key'], ['secret'], true],
  ['JWT', ['JSON Web Token'], jwt, ['jwt'], ['auth_token'], true],
  [
    'password hash',
    ['Password Hash'],
    (random) => `$2b$12$${fill(random, '~'.repeat(53))}`,
    ['password_hash'],
    ['pwd'],
    true,
  ],
  ['Bitcoin', ['Crypto Address'], bitcoin, ['btc_address'], ['wallet'], true],
  ['Ethereum', ['Crypto Address'], (random) => `0x${fill(random, hex(40))}`, ['eth_address'], ['contract_addr'], true],
  [
    'amount with sign',
    ['Amount of Money'],
    (random) => `$${between(random, 1, 999)}.${fill(random, '##')}`,
    ['price'],
    ['total_cost'],
    true,
  ],
  [
    'amount in euro',
    ['Amount of Money'],
    (random) => `${between(random, 1, 9)}.${fill(random, '###')},${fill(random, '##')} €`,
    ['betrag'],
    ['Preis'],
    true,
  ],
];

/** Types of columns that are known by the shape of their values. */
export const TYPES_OF_SHAPES: readonly ColumnType[] = ROWS.map(
  ([what, tags, value, development, heldOut, nameless, also]) => ({
    what,
    tags,
    value,
    names: { development, 'held out': heldOut },
    ...(nameless ? { nameless } : {}),
    ...(also ? { also } : {}),
  }),
);
