/**
 * What text beyond ASCII looks like in the encodings that came before Unicode: for each language its letters, the frequent ones
 * first (after the letter frequencies in Wikipedia's tables and in the code charts at encoding.spec.whatwg.org).
 */
export interface Language {
  /** Lower case; of scripts without case simply the letters. */
  letters: string;
  /** Words of these letters stand among ASCII letters (Latin), or by themselves (Cyrillic, Greek, …). */
  among: 'ASCII' | 'themselves';
}

const latin = (letters: string): Language => ({ letters, among: 'ASCII' });
const alone = (letters: string): Language => ({ letters, among: 'themselves' });

const GERMAN = latin('üäößé');
const FRENCH = latin('éèàêçùôîâûëïœ');
const SPANISH = latin('óíáéñúü');
const PORTUGUESE = latin('ãçáéíóõúêâàô');
const ITALIAN = latin('àèòùìé');
/** Names of customers from everywhere between Lisbon and Helsinki. */
const WESTERN = latin('éüöäáíóèñçãåøßàëêôúâîõæìòùïœ');
const NORDIC = latin('äåöøæéðþíóáúý');
const POLISH = latin('łęążśćóńź');
const CZECH_SLOVAK = latin('íáéěýřžščůúťňďľôĺŕ');
const HUNGARIAN = latin('áéőöíóüűú');
const ROMANIAN = latin('ăîâşţéö');
const SOUTH_SLAVIC = latin('čšžćđ');
const TURKISH = latin('ıüşğöçâ');
const BALTIC = latin('āėšžīēųįčūąęģķļņõäöü');
const RUSSIAN = alone('оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў');
const GREEK = alone('αοιετσνηυρπκμλςωγδχθφβξζψάίόέήύώϊϋ');
const HEBREW = alone('יוהלאתרמבשנםעדקחפכטןגצסזךףץ');
const ARABIC = alone('ايلمنرتوبعدسفهقحةكجشطصأخضزىذءثغئإظؤآپچژگک');
const THAI = alone('านรกอเงมยลวดทส่ต้ปหบคิีั็ะไใจพาแขูผุถชโซธศ์ำณญภฟษึืฐฉฤฮฌฬฎฑฒฏฝ');

/** Encodings of one byte a character that TextDecoder knows, with what is written in them, and how usual they are (bits). */
export const SINGLE_BYTE: readonly { encoding: string; languages: readonly Language[]; rare: number }[] = [
  { encoding: 'windows-1252', languages: [GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, NORDIC, WESTERN], rare: 0 },
  { encoding: 'windows-1250', languages: [POLISH, CZECH_SLOVAK, HUNGARIAN, ROMANIAN, SOUTH_SLAVIC, GERMAN], rare: 2 },
  { encoding: 'windows-1251', languages: [RUSSIAN], rare: 1 },
  { encoding: 'windows-1253', languages: [GREEK], rare: 3 },
  { encoding: 'windows-1254', languages: [TURKISH, GERMAN, FRENCH], rare: 3 },
  { encoding: 'windows-1255', languages: [HEBREW], rare: 3 },
  { encoding: 'windows-1256', languages: [ARABIC], rare: 3 },
  { encoding: 'windows-1257', languages: [BALTIC], rare: 4 },
  { encoding: 'windows-874', languages: [THAI], rare: 4 },
  { encoding: 'ISO-8859-2', languages: [POLISH, CZECH_SLOVAK, HUNGARIAN, ROMANIAN, SOUTH_SLAVIC], rare: 4 },
  { encoding: 'ISO-8859-15', languages: [GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, NORDIC], rare: 7 },
  { encoding: 'KOI8-R', languages: [RUSSIAN], rare: 4 },
];

/**
 * Encodings of several bytes a character: characters that texts, names and places use most, and the bytes that lead the
 * everyday part of the standard. Whatever is not there is rare.
 */
export interface WideCharset {
  encoding: string;
  rare: number;
  common: string;
  /** Letters of a script of their own, such as the kana. */
  script?: RegExp;
  /** First bytes of the everyday characters. */
  everyday: readonly [number, number];
}

const HANZI =
  '的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切集编号上海北京广州深圳天津重庆杭州南京武汉成都省县区市镇号楼路街刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文姓名价格数量日期客户产品订单编号地址电话备注金额合计单价类型状态备测试';
const KANJI =
  '日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公持野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有疑口過局少放税検藤町常校料沢裁状工建語球営空職証土与急止送援供可役構木割聞身費付施切由説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述残想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賀訴辺造英被株頭技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜製票況音申様財港識注呼渉達良響阪帰針専推谷古候史天階程満敗管値歌買突兵接請器士光討路悪科攻崎督授催細効図週積丸他及湾録処省旧室憲太橋歩離岸客風紙激否周師摘材登系批郎母易健黒火戸速存花春飛殺央券赤号単盟座青破編捜竹除完降超責並療従右修捕隊危採織森競拡故館振給屋介読弁根色友苦就迎走販園具左異歴辞将秋因献厳馬愛幅休維富浜父遺彼般未塁貿講邦舞林装諸夏素亡劇河遣航抗冷模雄適婦鉄寄益込顔緊類児余禁印逆王返標換久短油妻暴輪占宣背昭廃植熱宿薬伊江清習険頼僚覚吉盛船倍均億途圧芸許皇臨踏駅署抜壊債便伸留罪停興爆陸玉源儀波創障継筋狙帯延羽努固闘精則葬乱避普散司康測豊洋静善逮婚厚喜齢囲卒迫略承浮惑崩順紀聴脱旅絶級幸岩練押軽倒了庁博城患締等救執層版老令角絡損房募曲撤裏払削密庭徒措仏績築貨志混載昇池陣我勤為血遅抑幕居染温雑招奈季困星傷永択秀著徴誌庫弾償刊像功拠香欠更秘拒刑坂刻底賛塚致抱繰服犯尾描布恐寺鈴盤息宇項喪伴遠養懸戻街巨震願絵希越契掲躍棄欲痛触邸依籍汚縮還枚属笑互複慮郵束仲栄札枠似夕恵板列露沖探逃借緩節需骨射傾届曜遊迷夢巻購揮君燃充雨閉緒跡包駐貢鹿弱却端賃折紹獲郡併草徹飲貴埼衝焦奪雇災浦暮替析預焼簡譲称肉納樹挑章臓律誘紛貸至宗促慎控贈智握照宙酒俊銭薄堂渋群銃悲秒操携奥診詰託晴撮誕侵括掛謝双孝刺到駆寝透津壁稲仮暗裂敏鳥純是飯排裕堅訳盗芝綱吸典賞顧弘看訟戒祉誉歓勉奏勧騒翌陽閥甲快縄片郷敬揺免既薦隣悩華泉御範隠冬徳皮哲漁杉里釈己荒貯硬妥威豪熊歯滞微隆埋症暫忠倉昼茶彦肝柱喚沿妙唱祭袋阿索誠忘襲雪筆吹訓懇浴俳童宝柄驚麻封胸娘砂李塩浩誤剤瀬趣陥斎貫仙慰賢序弥旬腕兼聖旨即洗柳舎偽較覇兆床畑慣詳毛緑尊抵脅祝礼窓柔茂犠旗距雅飾網竜詩昔繁殿濃翼牛茨潟敵魅嫌魚斉液貧敷擁衣肩圏零酸兄罰怒滅泳礎腐祖幼脚菱荷潮梅泊尽杯僕桜滑孤黄煕炎賠句寿鋼頑甘臣鎖彩摩浅励掃雲掘縦輝蓄軸巡疲稼瞬捨皆砲軟噴沈誇祥牲秩帝宏唆鳴阻泰賄撲凍堀腹菊絞乳煙縁唯膨矢耐恋塾漏紅慶猛芳懲郊剣腰炭踊幌彰棋丁冊恒眠揚冒之勇曽械倫陳憶怖犬菜耳潜珍梨仁克岳概拘墓黙須偏雰卵遇湖諮狭喫卓干頂虫刷亀糧梶湯箱簿炉牧殊殖艦溶輩穴奇慢鶴謀暖昌拍朗丈寛覆胞泣涙隔浄匹没暇肺孔貞靖鑑飼陰銘鋭随烈尋渕稿枝丹啓也丘棟壌漫玄粘悟舗妊塗';
const HANGUL =
  '이다는에의가을로하고지한은사도기자인어를나서대시리아정수해보있부전라그제조일으스동국상원주장여구만여성과유장공오민진경게들우게해관선연개화등세안신방생년문중학교용김박최강윤임권황송류홍서울부산광주인천전남북제특별시군읍면번호주소이름성명날짜금액수량합계상품고객회사업체단가영실태평종현재준희숙순옥철호석훈혜미은경';
const HANZI_TRADITIONAL =
  '的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物台象記邊共風戰接許八特覺望直服林題建南度統色字請交愛讓認算論百義科元社術結六功指思非流每青管夫連遠資隊帶花快條院變聯言權往展該領傳近留紅治決周保達辦運武半候七必城父強步完革深區即求品士轉量空眾技輕程告江語英基派滿式李息寫識極令黃德收錢黨未持取設始版雙歷越史商千片容研像找友孩站廣改議形委早房音火際則首單據導影失網香斯專石若兵弟誰校讀志飛觀爭究包組造落視濟喜離壞興切集編號臺北高雄台中新竹桃園縣市區鄉鎮路街段巷弄號樓陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊呂江何羅高蕭潘簡朱鍾彭游詹胡施沈姓名價格數量日期客戶產品訂單地址電話備註金額合計單價類型狀態';

export const WIDE_CHARSETS: readonly WideCharset[] = [
  { encoding: 'Shift_JIS', rare: 1, common: KANJI, script: /[\u3041-\u309f\u30a0-\u30ff]/u, everyday: [0x88, 0x97] },
  { encoding: 'EUC-JP', rare: 4, common: KANJI, script: /[\u3041-\u309f\u30a0-\u30ff]/u, everyday: [0xb0, 0xcf] },
  { encoding: 'GB18030', rare: 1, common: HANZI, everyday: [0xb0, 0xd7] },
  { encoding: 'Big5', rare: 3, common: HANZI_TRADITIONAL, everyday: [0xa4, 0xc6] },
  { encoding: 'EUC-KR', rare: 3, common: HANGUL, everyday: [0xb0, 0xc8] },
];
