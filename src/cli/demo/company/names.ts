/** Hand-written lists of common names and towns: `native/latin/kana`, `_` for a space inside a name. */
export const NAMES: Record<string, { family: string; women: string; men: string }> = {
  DE: {
    family:
      'Müller/Mueller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Schröder/Schroeder Neumann Schwarz Krüger/Krueger Hartmann Lange Krause Lehmann Köhler/Koehler Jäger/Jaeger Groß/Gross Yılmaz/Yilmaz Kowalski',
    women:
      'Anna Lena Sabine Ursula Katharina Julia Monika Claudia Jana Käthe/Kaethe Petra Heike Birgit Franziska Lea Mia Emma Ayşe/Ayse',
    men: 'Thomas Michael Stefan Andreas Jürgen/Juergen Jörg/Joerg Lukas Felix Klaus Paul Jonas Uwe Matthias Sebastian Björn/Bjoern Leon Max Mehmet',
  },
  FR: {
    family:
      'Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre/Lefevre Roux Fournier Girard Bonnet François/Francois Mercier Lévêque/Leveque Benali Nguyen Traoré/Traore',
    women:
      'Marie Camille Léa/Lea Chloé/Chloe Manon Isabelle Nathalie Hélène/Helene Élodie/Elodie Aurélie/Aurelie Zoé/Zoe Inès/Ines Anne-Marie',
    men: 'Jean Pierre Louis Hugo Nicolas Julien Théo/Theo François/Francois Étienne/Etienne Gérard/Gerard Antoine Jean-Luc Karim Mathieu',
  },
  ES: {
    family:
      'García/Garcia González/Gonzalez Rodríguez/Rodriguez Fernández/Fernandez López/Lopez Martínez/Martinez Sánchez/Sanchez Pérez/Perez Gómez/Gomez Ruiz Díaz/Diaz Moreno Muñoz/Munoz Álvarez/Alvarez Romero Navarro Núñez/Nunez Castro',
    women: 'María/Maria Carmen Lucía/Lucia Ana Isabel Laura Cristina Sofía/Sofia Begoña/Begona Rocío/Rocio Pilar Nuria',
    men: 'Antonio José/Jose Manuel Francisco David Javier Daniel Álvaro/Alvaro Iñigo/Inigo Pablo Sergio Andrés/Andres',
  },
  IT: {
    family:
      'Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Costa Giordano Mancini Rizzo Lombardi Moretti',
    women: 'Giulia Chiara Francesca Sara Martina Elena Alessia Giovanna Rosa Beatrice Niccolina',
    men: 'Marco Alessandro Giuseppe Luca Antonio Matteo Andrea Niccolò/Niccolo Lorenzo Davide Salvatore',
  },
  GB: {
    family:
      "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Hughes Khan O'Brien/OBrien MacDonald Edwards Clarke Hall",
    women: 'Olivia Amelia Emily Sophie Charlotte Margaret Susan Siân/Sian Niamh Priya Fiona Hannah Grace',
    men: 'Oliver George Harry Jack James William Thomas Alistair Rhys Imran Callum Edward Peter',
  },
  US: {
    family:
      'Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Anderson Lee Nguyen Jackson White Harris Clark Lewis Young Kim',
    women: 'Mary Jennifer Linda Patricia Elizabeth Jessica Ashley Madison Aaliyah Sofia Emma Karen Nicole',
    men: 'James Robert John Michael David William Joseph Christopher Tyrone Ethan Jose Liam Brandon',
  },
  BR: {
    family:
      'Silva Santos Oliveira Souza Pereira Costa Rodrigues Almeida Nascimento Lima Araújo/Araujo Carvalho Gonçalves/Goncalves Ribeiro Conceição/Conceicao Barbosa',
    women: 'Ana Maria Fernanda Juliana Letícia/Leticia Camila Beatriz Patrícia/Patricia Conceição/Conceicao Larissa',
    men: 'João/Joao José/Jose Antônio/Antonio Pedro Lucas Gabriel Rafael Estevão/Estevao Tiago Bruno',
  },
  JP: {
    family:
      '佐藤/Sato/サトウ 鈴木/Suzuki/スズキ 高橋/Takahashi/タカハシ 田中/Tanaka/タナカ 伊藤/Ito/イトウ 渡辺/Watanabe/ワタナベ 山本/Yamamoto/ヤマモト 中村/Nakamura/ナカムラ 小林/Kobayashi/コバヤシ 加藤/Kato/カトウ 吉田/Yoshida/ヨシダ 山田/Yamada/ヤマダ 松本/Matsumoto/マツモト 井上/Inoue/イノウエ 木村/Kimura/キムラ 清水/Shimizu/シミズ 斎藤/Saito/サイトウ 髙島/Takashima/タカシマ 長谷川/Hasegawa/ハセガワ',
    women:
      '陽子/Yoko/ヨウコ 美咲/Misaki/ミサキ 結衣/Yui/ユイ 恵子/Keiko/ケイコ さくら/Sakura/サクラ 葵/Aoi/アオイ 由美/Yumi/ユミ 直美/Naomi/ナオミ 久美子/Kumiko/クミコ ひかり/Hikari/ヒカリ',
    men: '翔太/Shota/ショウタ 健一/Kenichi/ケンイチ 大輔/Daisuke/ダイスケ 誠/Makoto/マコト 蓮/Ren/レン 浩/Hiroshi/ヒロシ 拓也/Takuya/タクヤ 隆/Takashi/タカシ 陽翔/Haruto/ハルト',
  },
  KR: {
    family: '김/Kim 이/Lee 박/Park 최/Choi 정/Jung 강/Kang 조/Cho 윤/Yoon 장/Jang 임/Lim 한/Han 오/Oh 서/Seo 신/Shin',
    women: '서연/Seoyeon 지우/Jiwoo 민지/Minji 수빈/Subin 은영/Eunyoung 하은/Haeun 영희/Younghee 미경/Mikyung',
    men: '민준/Minjun 서준/Seojun 도윤/Doyun 지훈/Jihoon 현우/Hyunwoo 성호/Sungho 영수/Youngsoo 동현/Donghyun',
  },
  TW: {
    family: '陳/Chen 林/Lin 黃/Huang 張/Chang 李/Li 王/Wang 吳/Wu 劉/Liu 蔡/Tsai 楊/Yang',
    women: '淑芬/Shu-fen 美玲/Mei-ling 雅婷/Ya-ting 怡君/Yi-chun 欣怡/Hsin-yi 佳穎/Chia-ying',
    men: '志明/Chih-ming 俊傑/Chun-chieh 家豪/Chia-hao 建宏/Chien-hung 冠宇/Kuan-yu 宗翰/Tsung-han',
  },
  GR: {
    family:
      'Παπαδόπουλος/Papadopoulos Γεωργίου/Georgiou Νικολάου/Nikolaou Δημητρίου/Dimitriou Ιωάννου/Ioannou Βασιλείου/Vasileiou Αντωνίου/Antoniou',
    women: 'Μαρία/Maria Ελένη/Eleni Αικατερίνη/Aikaterini Σοφία/Sofia Δήμητρα/Dimitra',
    men: 'Γιώργος/Giorgos Δημήτρης/Dimitris Κώστας/Kostas Νίκος/Nikos Παναγιώτης/Panagiotis',
  },
  UA: {
    family:
      'Шевченко/Shevchenko Коваленко/Kovalenko Бондаренко/Bondarenko Ткаченко/Tkachenko Кравченко/Kravchenko Олійник/Oliinyk Мельник/Melnyk Поліщук/Polishchuk',
    women: 'Олена/Olena Наталія/Nataliia Ірина/Iryna Оксана/Oksana Юлія/Yuliia Софія/Sofiia',
    men: 'Олександр/Oleksandr Андрій/Andrii Сергій/Serhii Володимир/Volodymyr Іван/Ivan Дмитро/Dmytro',
  },
};

/** `native/latin/postcode`. */
export const CITIES: Record<string, string> = {
  DE: 'Berlin//10115 Hamburg//20095 München/Munich/80331 Köln/Cologne/50667 Frankfurt_am_Main//60311 Leipzig//04109 Düsseldorf/Dusseldorf/40213 Nürnberg/Nuremberg/90402',
  FR: 'Paris//75011 Marseille//13001 Lyon//69002 Toulouse//31000 Nice//06000 Saint-Étienne/Saint-Etienne/42000 Rennes//35000',
  ES: 'Madrid//28013 Barcelona//08007 Valencia//46002 Sevilla/Seville/41001 A_Coruña/A_Coruna/15001 Málaga/Malaga/29005',
  IT: 'Roma/Rome/00184 Milano/Milan/20121 Napoli/Naples/80132 Torino/Turin/10121 Bologna//40121 Firenze/Florence/50123',
  GB: 'London//EC1A_1BB Manchester//M1_1AE Birmingham//B1_1TB Edinburgh//EH1_1YZ Cardiff//CF10_1EP Belfast//BT1_5GS',
  US: 'New_York//10001 Los_Angeles//90012 Chicago//60601 Houston//77002 San_José/San_Jose/95112 Boston//02108',
  BR: 'São_Paulo/Sao_Paulo/01310-100 Rio_de_Janeiro//20040-002 Salvador//40020-000 Belo_Horizonte//30110-000',
  JP: '東京都千代田区/Chiyoda,_Tokyo/100-0001 大阪市北区/Kita,_Osaka/530-0001 横浜市中区/Naka,_Yokohama/231-0001 名古屋市中区/Naka,_Nagoya/460-0001 札幌市中央区/Chuo,_Sapporo/060-0001 福岡市博多区/Hakata,_Fukuoka/812-0011',
  KR: '서울특별시/Seoul/04524 부산광역시/Busan/47545 인천광역시/Incheon/22133 대구광역시/Daegu/41585',
  TW: '臺北市/Taipei/100 高雄市/Kaohsiung/800 臺中市/Taichung/400',
  GR: 'Αθήνα/Athens/10431 Θεσσαλονίκη/Thessaloniki/54624 Πάτρα/Patras/26221',
  UA: 'Київ/Kyiv/01001 Львів/Lviv/79000 Одеса/Odesa/65000 Харків/Kharkiv/61000',
};
