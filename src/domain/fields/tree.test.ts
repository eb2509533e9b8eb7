import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from './address-parts.ts';
import { makeTree, type TreeFile } from './tree.ts';
import { treeType } from './tree-type.ts';

const load = (file: string): TreeFile =>
  JSON.parse(readFileSync(new URL(`../../../templates/reference/${file}`, import.meta.url), 'utf8')) as TreeFile;
const divisionFile = load('gbt2260.json');
const industryFile = load('gbt4754.json');
const division = makeTree(divisionFile);
const industry = makeTree(industryFile);
const codes = (file: TreeFile): string[] => file.nodes.map((line) => line.split('|')[0] ?? '');

describe('the files are whole', () => {
  test('divisions: 34 provinces, 333 prefectures, 2,847 counties (Ministry of Civil Affairs, October 2026)', () => {
    const list = codes(divisionFile);
    expect(new Set(list).size).toBe(list.length);
    const count = (test: (code: string) => boolean): number => list.filter(test).length;
    expect([count((c) => c.endsWith('0000')), count((c) => /[^0]\d?00$|0[1-9]00$/.test(c)), list.length]).toEqual([
      34, 333, 3214,
    ]);
    for (const code of list) expect(division.path(code)[0]?.code).toBe(`${code.slice(0, 2)}0000`);
    for (const name of ['和安县', '和康县', '岑岭县', '草湖市', '两江新区', '临平区', '钱塘区'])
      expect(division.find(name)?.label.zh).toBe(name);
    for (const gone of ['500105', '500112', '330103', '110103']) expect(division.node(gone)).toBeNull();
  });

  test('industries: 20 sections, 97 divisions, 473 groups, 1,381 classes', () => {
    const list = codes(industryFile);
    expect(new Set(list).size).toBe(list.length);
    const count = (form: RegExp): number => list.filter((c) => form.test(c)).length;
    expect([count(/^[A-T]$/), count(/^\d\d$/), count(/^\d{3}$/), count(/^\d{4}$/)]).toEqual([20, 97, 473, 1381]);
    for (const code of list) {
      expect(industry.path(code)[0]?.code).toMatch(/^[A-T]$/);
      expect(industry.path(code).at(-1)?.code).toBe(code);
    }
    expect(industry.path('3670').map((n) => n.code)).toEqual(['C', '36', '367', '3670']);
  });

  test('aliases and retired codes lead to nodes', () => {
    const words = new Set<string>();
    for (const line of industryFile.aliases ?? []) {
      const [code = '', ...list] = line.split('|');
      expect([code, industry.node(code)]).toEqual([code, expect.anything()]);
      for (const word of list) {
        expect([word, words.has(word)]).toEqual([word, false]);
        words.add(word);
      }
    }
    for (const line of divisionFile.retired ?? [])
      for (const code of (line.split('|')[3] ?? '').split(','))
        if (code) expect([line, division.node(code)]).toEqual([line, expect.anything()]);
    expect(division.current('500105')).toEqual(['500157']);
    expect(division.current('110103')).toEqual(['110101']);
    expect(division.current('330106')).toEqual(['330106']);
    expect(division.current('999999')).toEqual([]);
  });
});

test('every code and every path finds its node', () => {
  for (const [tree, file] of [
    [division, divisionFile],
    [industry, industryFile],
  ] as const)
    fc.assert(
      fc.property(fc.constantFrom(...codes(file)), (code) => {
        expect(tree.find(code)?.code).toBe(code);
        const path = tree.path(code).map((n) => n.label.zh);
        const found = tree.find(path.join('/'));
        expect(found?.code).toBe(code);
      }),
      { numRuns: 800 },
    );
});

test('a tree field reads back what it shows, in both languages', () => {
  const trees = { division, industry };
  const env = { now: new Date(0), timeZone: 'Asia/Shanghai', trees };
  for (const file of [divisionFile, industryFile])
    for (const code of codes(file))
      for (const lang of ['zh', 'en'] as const) {
        const field = {
          id: 1,
          object: 'o',
          name: 'f',
          label: file.label,
          type: 'tree',
          tree: file.name,
          position: 0,
        } as const;
        const shown = treeType.format(code, field, lang, env);
        const parsed = treeType.parse(shown, field, env);
        expect([code, shown, parsed]).toEqual([code, shown, { ok: true, value: code }]);
      }
});

test.each([
  ['36', '36'],
  ['C36', '36'],
  ['C36 汽车制造业', '36'],
  ['汽车制造业', '36'],
  ['汽车制造', '36'],
  ['汽车', '36'],
  ['制造业/汽车制造业', '36'],
  ['制造业 - 汽车制造业', '36'],
  ['软件', '65'],
  ['互联网', '64'],
  ['IT', 'I'],
  ['ＩＴ行业', 'I'],
  ['软件和信息技术服务业', '65'],
  ['Software and IT services', '65'],
  ['汽車製造業', '36'],
  ['金融', 'J'],
  ['医疗器械', '358'],
  ['电子商务', '5292'],
  ['教育', 'P'],
  ['房地产', 'K'],
  ['物业管理', '702'],
  ['C', 'C'],
  ['D36', null],
  ['9999', null],
  ['不存在的行业', null],
])('industry %s → %s', (text, code) => expect(industry.find(text)?.code ?? null).toBe(code));

test.each([
  ['浙江', '330000'],
  ['杭州', '330100'],
  ['浙江省杭州市', '330100'],
  ['浙江省杭州市市辖区', '330100'],
  ['浙江杭州余杭', '330110'],
  ['浙江省杭州市什么', null],
  ['浙江省/杭州市', '330100'],
  ['浙江/杭州/余杭', '330110'],
  ['330110', '330110'],
  ['余杭区', '330110'],
  ['新疆', '650000'],
  ['内蒙古', '150000'],
  ['广西', '450000'],
  ['吉林', '220000'],
  ['恩施', '422800'],
  ['恩施州', '422800'],
  ['恩施土家族苗族自治州', '422800'],
  ['朝阳区', null],
  ['北京/朝阳区', '110105'],
  ['北京市', '110000'],
  ['香港', '810000'],
  ['Zhejiang', '330000'],
  ['崇文区', '110101'],
  ['110103', '110101'],
])('division %s → %s', (text, code) => {
  expect(division.find(text)?.code ?? null).toBe(code);
});

describe('addresses', () => {
  test.each([
    ['浙江省杭州市余杭区仓前街道文一西路969号', '330110', '仓前街道', '文一西路969号'],
    ['浙江杭州余杭文一西路969号', '330110', null, '文一西路969号'],
    ['杭州市临平区南苑街道迎宾路1号', '330113', '南苑街道', '迎宾路1号'],
    ['杭州临平区迎宾路1号', '330113', null, '迎宾路1号'],
    ['余杭区文一西路969号', '330110', null, '文一西路969号'],
    ['南通市南通經濟技術開發區羊獅路263號', '320600', null, '羊狮路263号'],
    ['上海市浦东新区世纪大道100号', '310115', null, '世纪大道100号'],
    ['上海市上海市浦东新区世纪大道100号', '310115', null, '世纪大道100号'],
    ['上海浦东世纪大道100号', '310115', null, '世纪大道100号'],
    ['北京市市辖区朝阳区建国路88号', '110105', null, '建国路88号'],
    ['北京朝阳区建国路88号', '110105', null, '建国路88号'],
    ['吉林省吉林市昌邑区解放大路1号', '220202', null, '解放大路1号'],
    ['吉林市昌邑区解放大路1号', '220202', null, '解放大路1号'],
    ['广东省东莞市虎门镇太沙路1号', '441900', '虎门镇', '太沙路1号'],
    ['江苏省苏州工业园区星湖街328号', '320500', null, '星湖街328号'],
    ['中国（上海）自由贸易试验区临港新片区环湖西二路888号', '310000', null, '临港新片区环湖西二路888号'],
    ['重庆市渝中区解放碑街道民权路28号', '500103', '解放碑街道', '民权路28号'],
    ['重庆市两江新区金开大道1号', '500157', null, '金开大道1号'],
    ['湖北省恩施土家族苗族自治州恩施市舞阳坝街道1号', '422801', '舞阳坝街道', '1号'],
    ['恩施州恩施市学院路1号', '422801', null, '学院路1号'],
    ['新疆和田地区和康县昆岭镇', '653228', '昆岭镇', ''],
    ['河南省济源市沁园路1号', '419001', null, '沁园路1号'],
    ['地址：广东省 深圳市 南山区 科技园', '440305', null, '科技园'],
    ['518000广东深圳南山区科技园', '440305', null, '科技园'],
    ['北京市崇文区光明路1号', '110101', null, '光明路1号'],
    ['柯桥翰普北路564号', '330603', null, '翰普北路564号'],
    ['天河路123号', null, null, '天河路123号'],
    ['朝阳区建国路88号', null, null, '朝阳区建国路88号'],
    ['Baker Street 221B', null, null, 'BakerStreet221B'],
    ['', null, null, ''],
  ])('%s → %s', (text, code, street, detail) => {
    const parts = parseAddress(text, division);
    expect([parts.code, parts.street, parts.detail]).toEqual([code, street, detail]);
  });

  test('confidence falls with what had to be supplied', () => {
    const confidence = (text: string): number => parseAddress(text, division).confidence;
    expect(confidence('浙江省杭州市余杭区仓前街道')).toBe(1);
    expect(confidence('余杭区仓前街道')).toBe(0.9);
    expect(confidence('浙江杭州余杭文一西路')).toBe(0.8);
    expect(confidence('北京市崇文区光明路')).toBe(0.6);
    expect(confidence('某某路')).toBe(0);
  });

  test('the zone is kept', () => {
    expect(parseAddress('江苏省苏州工业园区星湖街328号', division)).toMatchObject({
      province: '江苏省',
      city: '苏州市',
      district: null,
      zone: '工业园区',
    });
  });

  test('every county is found from its written-out path, and nothing throws', () => {
    for (const code of codes(divisionFile).filter((c) => !c.endsWith('00'))) {
      const path = division
        .path(code)
        .map((n) => n.label.zh)
        .join('');
      expect([path, parseAddress(`${path}人民路1号`, division).code]).toEqual([path, code]);
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseAddress(text, division).confidence >= 0));
  });
});
