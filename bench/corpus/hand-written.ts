import type { LabelledColumn } from './column.ts';

/** Name of the column, tags it must get, values with bars between them, and tags that are true of it too. An empty value is a null. */
type Row = readonly [name: string, tags: readonly string[], values: string, also?: readonly string[]];

/** Small tables as people keep them, written by hand and held out: nothing was tuned on them. */
const ROWS: readonly Row[] = [
  // A list of customers.
  ['Vorname', ['First Name'], 'Sabine|Jürgen|Heike|Torsten|Birgit|Uwe|Katrin|Holger|Silke|Dieter|Annegret|Kai-Uwe'],
  [
    'Nachname',
    ['Last Name'],
    'Krüger|Lehmann|Schulze|Hartmann|Böhm|von der Heide|Vogel|Yilmaz|Sommer|Graf|Seidel|Kuhn',
  ],
  [
    'Straße',
    [],
    'Hauptstr. 5|Am Bach 12|Lindenweg 3a|Bahnhofstraße 77|Schulgasse 1|Ringstr. 14|Feldweg 9|Marktplatz 2',
  ],
  ['PLZ', ['Postal Code'], '10115|80331|01067|50667|20095|70173|04109|60311'],
  ['Ort', ['City'], 'Berlin|München|Dresden|Köln|Hamburg|Stuttgart|Leipzig|Frankfurt am Main|Görlitz'],
  [
    'E-Mail',
    ['E-mail Address'],
    's.krueger@example.de|uwe.vogel@example.net||info@example.org|k.lehmann@mail.example.com|holger@example.de',
  ],
  ['Telefon', ['Phone Number'], '030 22731500|089 23300|+49 351 4880|0221 2210|040 428280|0711 2160|0341 1230'],
  ['Kundennr.', [], '100234|100235|100241|100300|100312|100377|100402'],
  ['Umsatz', [], '1250.50|99.90|12000|530.25|87.10|4410.00|15.99'],
  // Staff of a Japanese company.
  ['氏名', [], '佐藤 健|鈴木 美咲|高橋 大輔|田中 陽子|伊藤 翔太|渡辺 さくら'],
  ['姓', ['Last Name'], '佐藤|鈴木|高橋|田中|伊藤|渡辺|山本|小林'],
  ['名', ['First Name'], '翔太|美咲|大輔|陽子|健太|さくら|大翔|結衣|葵|蓮'],
  ['フリガナ', ['Name in Kana'], 'サトウ|スズキ|タカハシ|タナカ|イトウ|ワタナベ|ヤマモト|コバヤシ'],
  ['部署', ['Department'], '営業部|人事部|経理部|開発部|総務部|営業部|開発部'],
  ['役職', ['Job Title'], '部長|課長|係長|主任|課長|社長|係長'],
  ['都道府県', ['State or Province'], '東京都|大阪府|北海道|福岡県|愛知県|京都府|沖縄県'],
  ['郵便番号', ['Postal Code'], '100-0001|530-0001|060-0001|810-0001|450-0002|600-8001'],
  ['電話番号', ['Phone Number'], '03-3580-3311|06-6941-0351|011-231-4111|092-711-4111|052-961-2111|075-222-3111'],
  ['生年月日', ['Date of Birth'], '1985/04/12|1990/11/03|1978/07/30|2001/01/15|1969/12/24|1995/08/08', ['Date']],
  ['血液型', ['Blood Type'], 'A型|O型|B型|AB型|A型|O型|A型'],
  // Korean members.
  ['이름', [], '김민준|이서연|박지훈|최수빈|정하은|강도윤'],
  ['성별', ['Gender'], '남|여|여|남|여|남|남'],
  ['주소', [], '서울특별시 종로구 세종대로 1|부산광역시 해운대구 2|대전광역시 서구 3|광주광역시 북구 4'],
  ['휴대폰', ['Phone Number'], '010-2345-6789|010-9876-5432|010-3333-4444|010-8282-1004|010-5050-6060'],
  // An American hospital.
  ['PatientFirstName', ['First Name'], 'Emily|Michael|Jessica|DeShawn|Maria|William|Ashley|Brandon|Linda|Patricia'],
  ['PatientLastName', ['Last Name'], "Johnson|Williams|Rodriguez|Nguyen|Anderson|Thompson|Garcia|O'Connor|Patel|Lee"],
  ['DOB', ['Date of Birth'], '03/14/1962|11/02/1985|07/30/1977|01/09/2001|12/25/1954|06/18/1990', ['Date']],
  ['Sex', ['Gender'], 'F|M|F|M|M|F|U|F'],
  ['SSN', ['National ID Number'], '536-22-1187|212-45-9034|401-66-7712|575-08-3321|118-54-2290|623-71-4408'],
  ['PrimaryDx', ['Diagnosis'], 'Asthma|Type 2 diabetes|Hypertension|Migraine|COPD|Pneumonia|Asthma'],
  ['ICD10', ['Diagnosis'], 'J45.909|E11.9|I10|G43.909|J44.9|J18.9|M54.5|K21.9'],
  ['AttendingNPI', ['Professional Licence Number'], '1234567893|1245319599|1679576722|1234567893'],
  ['Allergies', ['Allergen'], 'Penicillin|Latex|Peanuts|Sulfa drugs|Penicillin|Shellfish|Pollen'],
  ['RoomNo', [], '204A|118|305B|118|401|220A|133'],
  ['InsuranceState', ['State or Province Code'], 'CA|TX|NY|FL|IL|WA|OH|GA|CA|TX'],
  // A shop.
  [
    'product_name',
    [],
    'Summer Dress|May Flower Vase|Denim Jacket|Chelsea Boots|Paris Tote Bag|Silver Ring|Cotton Socks',
  ],
  ['colour', ['Colour'], 'black|navy|off-white|burgundy|olive|dusty pink|charcoal|black|white'],
  ['size', ['Clothing Size'], 'S|M|L|XL|XS|M|L|S'],
  ['material', ['Material'], 'cotton|polyester|leather|linen|wool|denim|cotton|silk'],
  ['ean', ['EAN or UPC'], '4006381333931|5901234123457|4901777018686|4006381333931'],
  ['sku', [], 'DRS-1001|VAS-0220|JKT-3310|BTS-4100|BAG-0091|RNG-0007'],
  ['paid_with', ['Payment Method'], 'paypal|credit card|invoice|klarna|apple pay|paypal|gift card'],
  ['status', ['Order Status'], 'shipped|delivered|pending|cancelled|delivered|returned|processing'],
  ['carrier', [], 'DHL|UPS|FedEx|GLS|DPD|Hermes|DHL'],
  ['tracking', [], '00340434161094042557|1Z999AA10123456784|JJD014600003889123456|H1000330123456789012'],
  ['vat_id', ['VAT Number'], 'ATU13585627|DE136695976|NL004495445B01|PL8567346215|FR40303265045'],
  // Flights.
  ['From', ['Airport Code'], 'FRA|JFK|LHR|HND|ICN|CDG|MUC|SIN', undefined],
  ['AircraftType', ['Aircraft Type'], 'Airbus A320|Boeing 737|Airbus A380|Boeing 787|Airbus A319|Boeing 777'],
  ['FlightDate', ['Date'], '2024-03-01|2024-03-01|2024-03-02|2024-03-05|2024-03-07'],
  ['Gate', [], 'A12|B3|C44|A1|D20|B17'],
  // A web server.
  ['timestamp', ['Date'], '2024-05-01T10:00:01Z|2024-05-01T10:00:02Z|2024-05-01T10:00:07Z|2024-05-01T10:01:13Z'],
  ['remote', ['IP Address'], '203.0.113.9|198.51.100.23|192.0.2.77|203.0.113.200|2001:db8::8a2e'],
  ['verb', ['HTTP Method'], 'GET|POST|GET|DELETE|PUT|GET|HEAD'],
  ['response_code', ['HTTP Status Code'], '200|404|200|500|302|201|403'],
  ['bytes', [], '5123|120|88|90122|443|2048|512'],
  ['user_agent', [], 'Mozilla/5.0 (X11; Linux x86_64)|curl/8.4.0|Mozilla/5.0 (Windows NT 10.0)|python-requests/2.31'],
  ['level', ['Log Level'], 'INFO|WARN|ERROR|INFO|DEBUG|INFO|FATAL'],
  // A bank in France.
  ['prénom', ['First Name'], 'Camille|Léa|Hugo|Chloé|Louis|Inès|Mathis|Océane|Théo|Manon'],
  ['nom de famille', ['Last Name'], 'Martin|Bernard|Dubois|Thomas|Robert|Richard|Petit|Durand|Leroy|Moreau'],
  ['IBAN', ['IBAN'], 'FR1420041010050500013M02606|FR7630006000011234567890189|FR8310278060550002039940170'],
  ['pays', ['Country'], 'France|Belgique|Suisse|Allemagne|Maroc|Espagne|France'],
  ['devise', ['Currency Code'], 'EUR|CHF|USD|MAD|EUR|GBP|EUR'],
  ['langue', ['Language'], 'français|allemand|arabe|espagnol|français|italien'],
  ['montant', ['Amount of Money'], '12,50 €|100,00 €|7,99 €|1 250,00 €|33,10 €'],
  // A garage.
  ['Fabricante', ['Car Maker'], 'SEAT|Renault|Toyota|Ford|Peugeot|Citroën|Volkswagen|Dacia'],
  ['VIN', ['VIN'], '1M8GDM9AXKP042788|WVWZZZ1JZXW000001|VF1BB05CF12345678|1HGCM82633A004352|WAUZZZ8V5KA123456'],
  ['matrícula', ['Licence Plate'], '1234 BCD|5678 FGH|0042 KLM|9981 JZX|3310 LMN'],
  ['combustible', ['Fuel Type'], 'gasolina|diésel|eléctrico|híbrido|gasolina|diésel'],
  ['DNI', ['National ID Number'], '12345678Z|54362315K|87654321X|11111111H|X1234567L'],
  ['kilómetros', [], '120000|45210|9800|230110|67500'],
  // Things that look like others.
  ['version', [], '1.2.3.4|10.0.1.12|2.14.0.1|3.3.3.3|1.0.0.10'],
  ['score', [], '98.5|77.2|81.0|65.4|90.1|88.8'],
  ['latency', [], '12.5|33.1|8.4|102.7|55.0'],
  ['group', [], 'A|B|AB|O|A|B|C|D'],
  ['player', [], 'Jordan|Madison|Paris|Austin|Dallas|Chelsea|London'],
  ['remark', [], 'ok|late|call Mr Smith|send to Paris|blue one|May order|wait'],
  ['mobile_ok', ['Yes or No'], 'yes|no|yes|yes|no|no', undefined],
  ['rank', [], '1|2|3|4|5|6|7|8|9|10'],
  ['chapter', [], 'Introduction|Methods|Results|Discussion|Appendix'],
  ['abbr', [], 'Mon|Tor|Bib|Kla|Fen|Sat|Rip'],
  ['pin', [], '1234|9921|4410|0072|5531'],
  ['hash', [], '9e107d9d372bb6826bd81d3542a419d6|e4d909c290d0fb1ca068ffaddf22cbd0|d41d8cd98f00b204e9800998ecf8427e'],
];

export const HAND_WRITTEN: readonly LabelledColumn[] = ROWS.map(([name, tags, values, also]) => ({
  what: `by hand: ${name}`,
  name,
  tags,
  ...(also ? { also } : {}),
  values: values.split('|').map((value) => value || null),
}));
