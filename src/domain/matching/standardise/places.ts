import { spoken } from './sound.ts';

/**
 * Provinces and prefecture-level divisions of China by short name, for taking the place off the front of a company name.
 * Source: GB/T 2260, Ministry of Civil Affairs list of administrative divisions. Well-known county-level cities are included because
 * companies use them as their place (昆山…有限公司); other counties are recognised by their ending (县 区 旗).
 */
const TREE = `北京|天津|上海|重庆|香港|澳门|台湾:台北 高雄 台中 台南 新北 桃园
河北:石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 辛集 定州 迁安 遵化 武安 任丘 三河 霸州
山西:太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 介休 孝义
内蒙古:呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善 满洲里
辽宁:沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 瓦房店 海城
吉林:长春 吉林市 四平 辽源 通化 白山 松原 白城 延边 延吉 珲春
黑龙江:哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭 绥芬河
江苏:南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 常熟 太仓 宜兴 如皋 启东 海门 丹阳 靖江 泰兴 溧阳
浙江:杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 永康 东阳 诸暨 瑞安 乐清 温岭 海宁 桐乡 平湖
安徽:合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 巢湖 桐城
福建:福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江 石狮 南安 福清
江西:南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 瑞金
山东:济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 莱芜 临沂 德州 聊城 滨州 菏泽 寿光 诸城 滕州 龙口 胶州 荣成
河南:郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源 巩义 长葛
湖北:武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架
湖南:长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 浏阳 醴陵
广东:广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 普宁
广西:南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 凭祥
海南:海口 三亚 三沙 儋州 琼海 文昌
四川:成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 都江堰 西昌
贵州:贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南 仁怀
云南:昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
西藏:拉萨 日喀则 昌都 林芝 山南 那曲 阿里
陕西:西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 神木
甘肃:兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 敦煌
青海:西宁 海东 海北 黄南 海南州 果洛 玉树 海西 格尔木
宁夏:银川 石嘴山 吴忠 固原 中卫
新疆:乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子 库尔勒 阿拉尔`;

/** A place as a company name uses it: province, and city when it is finer than that. */
export interface Place {
  province: string;
  city: string;
}

const places = new Map<string, Place>();
for (const line of TREE.split('\n'))
  for (const entry of line.split('|')) {
    const [province = '', cities] = entry.split(':');
    const municipality = cities === undefined;
    places.set(province, { province, city: municipality ? province : '' });
    for (const city of cities?.split(' ') ?? []) if (!places.has(city)) places.set(city, { province, city });
  }
const LONGEST = Math.max(...[...places.keys()].map((name) => name.length));

/** Full endings after the short name: 广西壮族自治区, 新疆维吾尔自治区, 延边朝鲜族自治州, 杭州市. */
const ENDING =
  /^(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|[\u4e00-\u9fff]{1,6}族自治州|自治州|地区|盟|省|市|州)/;

export function placeOf(name: string): Place | undefined {
  return places.get(name);
}

/** The place that `text` starts with and how many characters it takes, ending included; undefined when there is none. */
export function leadingPlace(text: string): { place: Place; length: number; marked: boolean } | undefined {
  for (let n = Math.min(LONGEST, text.length); n >= 2; n--) {
    const place = places.get(text.slice(0, n));
    if (place === undefined) continue;
    const ending = ENDING.exec(text.slice(n));
    return { place, length: n + (ending?.[0].length ?? 0), marked: ending !== null || text.charAt(n - 1) === '市' };
  }
  return undefined;
}

/** The place that `text` ends with, ending included, as its start index; undefined when there is none. */
export function trailingPlace(text: string): { place: Place; start: number } | undefined {
  for (let n = Math.min(LONGEST + 7, text.length); n >= 2; n--) {
    const start = text.length - n;
    const found = leadingPlace(text.slice(start));
    if (found !== undefined && found.length === n) return { place: found.place, start };
  }
  return undefined;
}

let bySound: Map<string, Place> | undefined;

/**
 * A place misspelt with characters that sound the same (中汕市, 呈都), by its sound, and its length. Only a guess: the caller
 * must have another reason to believe it.
 */
export function soundingPlace(text: string): { place: Place; length: number } | undefined {
  if (bySound === undefined) {
    bySound = new Map();
    for (const [name, place] of places) if (name.length <= 3) bySound.set(spoken(name), place);
  }
  for (const n of [3, 2]) {
    const place = bySound.get(spoken(text.slice(0, n)));
    if (place !== undefined && text.length > n) return { place, length: n + (/^[市省]/.test(text.slice(n)) ? 1 : 0) };
  }
  return undefined;
}

/** Every name in the list, for tests and generators. */
export function placeNames(): string[] {
  return [...places.keys()];
}
