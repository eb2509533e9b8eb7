/**
 * Characters of which names use more than one reading, so that a searcher may type either. Beyond these the reading that fits the words around is enough:
 * with every rare reading of a dictionary (车 ju, 大 dai, 石 dan) titles would match what nobody means. Readings without tones, ü as v.
 */
const LIST = `
长chang,zhang 重zhong,chong 行xing,hang 乐le,yue 朝chao,zhao 都du,dou 调diao,tiao 传chuan,zhuan 弹dan,tan 降jiang,xiang
角jiao,jue 奇qi,ji 率lv,shuai 省sheng,xing 系xi,ji 宿su,xiu 厦sha,xia 什shi,shen 柏bai,bo 贾jia,gu 沈shen,chen 曾zeng,ceng
单dan,shan 仇qiu,chou 查cha,zha 解jie,xie 区qu,ou 盖gai,ge 翟zhai,di 尉wei,yu 朴pu,piao 覃qin,tan 缪miao,mou 种zhong,chong
员yuan,yun 召zhao,shao 繁fan,po 隗wei,kui 郇xun,huan 晟sheng,cheng 盛sheng,cheng 万wan,mo 澹tan,dan 洗xi,xian 参can,shen,cen 阿a,e
薄bo,bao 泊bo,po 藏cang,zang 乘cheng,sheng 恶e,wu 佛fo,fu 龟gui,jun 桧gui,hui 貉he,hao 卡ka,qia 勒le,lei 绿lv,lu 模mo,mu 那na,nuo
娜na,nuo 埔pu,bu 栖qi,xi 茜qian,xi 强qiang,jiang 巷xiang,hang 雀que,qiao 塞sai,se 莎sha,suo 拓tuo,ta 校xiao,jiao 血xue,xie
钥yao,yue 殷yin,yan 蚌bang,beng 六liu,lu 堡bao,bu,pu 秘mi,bi 番fan,pan 莞guan,wan 浚jun,xun 涡wo,guo 歙she,xi 铅qian,yan
荥xing,ying 枞zong,cong 牟mou,mu 黾min,mian 栎li,yue 祭ji,zhai 折zhe,she 侗dong,tong 幢zhuang,chuang 郗xi,chi 扎zha,za 谌chen,shen
俞yu,shu 乜nie,mie 宓mi,fu
`;

const readings = new Map<string, string[]>();
for (const entry of LIST.trim().split(/\s+/)) {
  const [character = '', ...rest] = entry;
  const list = rest.join('').split(',');
  if (list.length > 1) readings.set(character, list);
}

/** Readings in use of a character with several, commonest first; undefined for others. */
export function otherReadings(character: string): string[] | undefined {
  return readings.get(character);
}
