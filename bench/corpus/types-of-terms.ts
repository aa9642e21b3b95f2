import { readTerms } from '../../src/identify/built-in/term-files.ts';
import { pick, type Random } from './column.ts';
import type { ColumnType } from './layouts.ts';

/** What columns of terms hold besides terms: names that no list has, by the ends that such names have. */
const STRANGERS: Record<string, (random: Random) => string> = {
  first: (random) =>
    pick(random, ['Zorv', 'Quel', 'Thav', 'Brun', 'Xan']) + pick(random, ['ika', 'elle', 'ius', 'ander', 'wen']),
  last: (random) =>
    pick(random, ['Kraff', 'Ostw', 'Dunmer', 'Veld', 'Holz', 'Strang']) +
    pick(random, ['inger', 'hausen', 'ovski', 'etti', 'ward']),
  city: (random) =>
    pick(random, ['Neu', 'Ober', 'Port ', 'Saint-', 'New ', 'Bad ']) +
    pick(random, ['dorf', 'Lorien', 'Valery', 'Haven', 'field']),
  job: (random) =>
    pick(random, ['Lead', 'Deputy', 'Associate', 'Regional']) +
    pick(random, [' Onboarding Wrangler', ' Claims Steward', ' Growth Partner']),
};

/** Tag, term file, names of columns in both halves, and how many of a hundred values no list has. */
interface TermType {
  tag: string;
  files: readonly string[];
  development: readonly string[];
  heldOut: readonly string[];
  stranger?: keyof typeof STRANGERS;
  strangers?: number;
  also?: readonly string[];
  nameless?: boolean;
  cased?: boolean;
}

const TYPES: readonly TermType[] = [
  {
    tag: 'Country',
    files: [
      'countries-en',
      'countries-de',
      'countries-fr',
      'countries-es',
      'countries-ja',
      'countries-ko',
      'countries-zh',
    ],
    development: ['country', 'Land', 'country_of_birth'],
    heldOut: ['destination_country', 'Herkunftsland', '国'],
    nameless: true,
    cased: true,
  },
  {
    tag: 'Country Code',
    files: ['country-codes-2', 'country-codes-3'],
    development: ['country_code', 'cntry'],
    heldOut: ['nation_code', 'iso_country', 'ctry_cd'],
    cased: true,
  },
  {
    tag: 'State or Province',
    files: [
      'us-states',
      'germany-states',
      'japan-prefectures',
      'korea-provinces',
      'india-states',
      'france-departments',
      'brazil-states',
    ],
    development: ['state', 'bundesland', 'province'],
    heldOut: ['usState', 'Provinz', '都道府県'],
    also: ['City', 'Last Name', 'World Region'],
    cased: true,
  },
  {
    tag: 'State or Province Code',
    files: ['us-state-codes', 'canada-province-codes', 'brazil-state-codes'],
    development: ['state', 'prov'],
    heldOut: ['STATE_ABBR', 'province_code'],
  },
  {
    tag: 'City',
    files: ['cities-world', 'cities-europe', 'cities-ja', 'cities-americas'],
    development: ['city', 'Wohnort', 'ville'],
    heldOut: ['town', 'Stadt', 'municipio'],
    stranger: 'city',
    strangers: 20,
    cased: true,
  },
  {
    tag: 'Continent',
    files: ['continents'],
    development: ['continent'],
    heldOut: ['continent', 'werelddeel'],
    nameless: true,
  },
  {
    tag: 'First Name',
    files: [
      'first-names-en',
      'first-names-de',
      'first-names-es',
      'first-names-ja',
      'first-names-ko',
      'first-names-pl',
      'first-names-ja-latin',
      'first-names-tr',
      'first-names-ru',
    ],
    development: ['first_name', 'vorname', 'fname'],
    heldOut: ['firstName', 'Rufname', 'forename'],
    stranger: 'first',
    strangers: 25,
    cased: true,
  },
  {
    tag: 'Last Name',
    files: [
      'last-names-en',
      'last-names-de',
      'last-names-es',
      'last-names-ja',
      'last-names-ko',
      'last-names-fr',
      'last-names-ja-latin',
      'last-names-nordic',
      'last-names-in',
    ],
    development: ['last_name', 'nachname', 'surname'],
    heldOut: ['custSurname', 'cognome', 'familienname'],
    stranger: 'last',
    strangers: 30,
    cased: true,
  },
  {
    tag: 'Marital Status',
    files: ['marital-status'],
    development: ['marital_status', 'Familienstand'],
    heldOut: ['civil_status', 'situation_familiale'],
    cased: true,
  },
  {
    tag: 'Gender',
    files: ['genders'],
    development: ['gender', 'Geschlecht'],
    heldOut: ['GENDER_CD', 'sexe', 'geslacht'],
    cased: true,
  },
  {
    tag: 'Salutation',
    files: ['salutations'],
    development: ['salutation', 'Anrede'],
    heldOut: ['honorific', 'name_prefix'],
  },
  {
    tag: 'Nationality',
    files: ['nationalities-en', 'nationalities-de'],
    development: ['nationality'],
    heldOut: ['cust_nationality', 'Nationalität'],
    nameless: true,
    cased: true,
  },
  {
    tag: 'Family Relationship',
    files: ['relationships'],
    development: ['relationship'],
    heldOut: ['kinship'],
  },
  {
    tag: 'Religion',
    files: ['religions'],
    development: ['religion'],
    heldOut: ['religious_affiliation_religion', 'religión'],
  },
  {
    tag: 'Education Level',
    files: ['education-levels', 'academic-degrees'],
    development: ['education', 'degree'],
    heldOut: ['degree_obtained', 'Schulabschluss'],
  },
  {
    tag: 'Blood Type',
    files: ['blood-types'],
    development: ['blood_type', 'Blutgruppe'],
    heldOut: ['donor_blood_grp', 'groupe_sanguin'],
  },
  {
    tag: 'Zodiac Sign',
    files: ['zodiac-signs'],
    development: ['zodiac'],
    heldOut: ['zodiac_sign', 'Tierkreis'],
    nameless: true,
  },
  {
    tag: 'Job Title',
    files: ['occupations-en', 'occupations-other', 'corporate-titles-en'],
    development: ['job_title', 'occupation', 'Beruf'],
    heldOut: ['profession', 'role', 'Berufsbezeichnung'],
    stranger: 'job',
    strangers: 40,
    cased: true,
  },
  {
    tag: 'Month',
    files: ['months-en', 'months-de', 'months-fr', 'months-ja', 'months-es', 'months-pl'],
    development: ['month', 'Monat'],
    heldOut: ['birth_month', 'mes'],
    nameless: true,
  },
  {
    tag: 'Day of the Week',
    files: ['weekdays-en', 'weekdays-de', 'weekdays-fr', 'weekdays-ja', 'weekdays-ru'],
    development: ['weekday', 'day'],
    heldOut: ['day_name', 'jour'],
    nameless: true,
  },
  { tag: 'Season', files: ['seasons'], development: ['season'], heldOut: ['season_name', 'estación'] },
  { tag: 'Quarter', files: ['quarters'], development: ['quarter'], heldOut: ['qtr', 'trimestre'] },
  {
    tag: 'Language',
    files: ['languages-en', 'languages-de', 'languages-fr', 'languages-ja'],
    development: ['language', 'Sprache'],
    heldOut: ['native_language', 'Muttersprache'],
    nameless: true,
  },
  {
    tag: 'Language Code',
    files: ['language-codes-2', 'language-codes-3'],
    development: ['lang', 'language_code'],
    heldOut: ['iso_lang', 'sprache'],
  },
  { tag: 'Locale', files: ['locales'], development: ['locale'], heldOut: ['user_locale', 'langTag'], nameless: true },
  {
    tag: 'Currency Code',
    files: ['currency-codes'],
    development: ['currency', 'curr'],
    heldOut: ['currencyCode', 'devise'],
  },
  {
    tag: 'Currency',
    files: ['currencies-en', 'currencies-de', 'currencies-es'],
    development: ['currency_name'],
    heldOut: ['currency_desc', 'valuta'],
    nameless: true,
  },
  {
    tag: 'Time Zone',
    files: ['time-zones'],
    development: ['timezone'],
    heldOut: ['tz_name', 'Zeitzone'],
    nameless: true,
  },
  {
    tag: 'Airport Code',
    files: ['airport-codes'],
    development: ['airport_code', 'origin'],
    heldOut: ['arrival_airport', 'flughafen'],
  },
  {
    tag: 'HTTP Method',
    files: ['http-methods'],
    development: ['http_method'],
    heldOut: ['method', 'http_request_method'],
  },
  {
    tag: 'HTTP Status Code',
    files: ['http-status-codes'],
    development: ['status_code'],
    heldOut: ['status_code_http', 'sc-status'],
  },
  {
    tag: 'MIME Type',
    files: ['mime-types'],
    development: ['mime_type'],
    heldOut: ['mime', 'contentType'],
    nameless: true,
  },
  { tag: 'File Extension', files: ['file-extensions'], development: ['extension'], heldOut: ['fileExtension', 'ext'] },
  {
    tag: 'Programming Language',
    files: ['programming-languages'],
    development: ['programming_language'],
    heldOut: ['primary_lang', 'Programmiersprache'],
  },
  {
    tag: 'Operating System',
    files: ['operating-systems'],
    development: ['os'],
    heldOut: ['device_os', 'Betriebssystem'],
    nameless: true,
  },
  { tag: 'Web Browser', files: ['browsers'], development: ['browser'], heldOut: ['client_browser'] },
  { tag: 'Log Level', files: ['log-levels'], development: ['log_level'], heldOut: ['loglevel', 'sev'] },
  {
    tag: 'Cloud Region',
    files: ['aws-regions', 'azure-regions', 'gcp-regions'],
    development: ['region'],
    heldOut: ['cloud_region', 'location'],
    nameless: true,
  },
  {
    tag: 'Colour',
    files: ['colour-names', 'css-colours'],
    development: ['color', 'Farbe'],
    heldOut: ['car_color', 'Farbton_Farbe'],
  },
  {
    tag: 'Chemical Element',
    files: ['chemical-elements-en', 'chemical-elements-other', 'chemical-symbols'],
    development: ['element'],
    heldOut: ['metal', 'elemento'],
  },
  {
    tag: 'Unit of Measurement',
    files: ['unit-symbols', 'units-en'],
    development: ['unit', 'Einheit'],
    heldOut: ['UOM', 'Mengeneinheit'],
  },
  {
    tag: 'Car Maker',
    files: ['car-makers'],
    development: ['make', 'Hersteller'],
    heldOut: ['vehicle_make', 'Automarke'],
    nameless: true,
    cased: true,
  },
  { tag: 'Fuel Type', files: ['fuel-types'], development: ['fuel_type'], heldOut: ['engine_fuel', 'carburant'] },
  {
    tag: 'Credit Card Brand',
    files: ['credit-card-brands'],
    development: ['card_type'],
    heldOut: ['card_network', 'creditCardType'],
    nameless: true,
  },
  {
    tag: 'Payment Method',
    files: ['payment-methods'],
    development: ['payment_method', 'Zahlungsart'],
    heldOut: ['pay_method', 'zahlart_zahlung'],
  },
  {
    tag: 'Order Status',
    files: ['order-statuses'],
    development: ['order_status'],
    heldOut: ['deliveryStatus', 'bestellstatus'],
  },
  { tag: 'Incoterm', files: ['incoterms'], development: ['incoterms'], heldOut: ['Lieferbedingung', 'inco_incoterm'] },
  {
    tag: 'Department',
    files: ['departments'],
    development: ['department', 'Abteilung'],
    heldOut: ['DeptName', 'business_unit'],
  },
  {
    tag: 'Industry',
    files: ['industries'],
    development: ['industry'],
    heldOut: ['industry_sector', 'Wirtschaftszweig'],
  },
  {
    tag: 'Stock Exchange',
    files: ['stock-exchange-codes', 'stock-exchange-names'],
    development: ['exchange'],
    heldOut: ['listed_exchange', 'börse'],
  },
  {
    tag: 'Diagnosis',
    files: ['diseases', 'icd10-chapters'],
    development: ['diagnosis', 'disease'],
    heldOut: ['diagnose', 'dx_text'],
    nameless: true,
  },
  {
    tag: 'Medical Specialty',
    files: ['medical-specialties'],
    development: ['specialty'],
    heldOut: ['doctor_specialty', 'spécialité'],
    nameless: true,
  },
  { tag: 'Allergen', files: ['allergens'], development: ['allergy'], heldOut: ['allergen_name', 'Allergie'] },
  { tag: 'Sport', files: ['sports'], development: ['sport'], heldOut: ['favourite_sport', 'deporte'], nameless: true },
  { tag: 'Animal', files: ['animals'], development: ['animal'], heldOut: ['Tierart', 'pet'] },
  { tag: 'Material', files: ['materials'], development: ['material'], heldOut: ['materialType', 'matière'] },
  {
    tag: 'Software Licence',
    files: ['spdx-licences'],
    development: ['license'],
    heldOut: ['package_license', 'Lizenz'],
    nameless: true,
  },
];

/** Types of columns that hold terms, one for each term file: a column keeps to one language. */
export async function typesOfTerms(): Promise<ColumnType[]> {
  const types: ColumnType[] = [];
  for (const type of TYPES) {
    for (const file of type.files) {
      const terms = await readTerms(file);
      const stranger = type.stranger ? STRANGERS[type.stranger] : undefined;
      types.push({
        what: `${type.tag} of ${file}`,
        tags: [type.tag],
        ...(type.also ? { also: type.also } : {}),
        value: (random) =>
          stranger && random() * 100 < (type.strangers ?? 0) ? stranger(random) : pick(random, terms),
        names: { development: type.development, 'held out': type.heldOut },
        ...(type.cased ? { cased: true } : {}),
        ...(type.nameless ? { nameless: true } : {}),
      });
    }
  }
  return types;
}
