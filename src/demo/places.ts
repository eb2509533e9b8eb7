/** Cities of the demo's customers: code of GB/T 2260, area code, digits of a landline, weight (about the share of firms, per thousand). */
const CITIES =
  '110000 010 8 52,310000 021 8 56,440300 0755 8 60,440100 020 8 50,330100 0571 8 38,510100 028 8 36,500000 023 8 32,320500 0512 8 32,' +
  '420100 027 8 26,320100 025 8 26,610100 029 8 24,410100 0371 8 24,430100 0731 8 20,370200 0532 8 22,330200 0574 8 22,441900 0769 8 26,' +
  '440600 0757 8 22,120000 022 8 20,340100 0551 8 18,370100 0531 8 18,350200 0592 7 14,350100 0591 8 14,320200 0510 8 18,330300 0577 8 16,' +
  '350500 0595 8 16,330700 0579 8 16,210100 024 8 12,210200 0411 8 12,230100 0451 8 10,220100 0431 8 10,530100 0871 8 12,450100 0771 7 10,' +
  '520100 0851 8 8,360100 0791 8 10,130100 0311 8 14,140100 0351 7 8,620100 0931 7 6,460100 0898 8 5,650100 0991 7 6,150100 0471 7 5,' +
  '640100 0951 7 3,630100 0971 7 3,540100 0891 7 2,320400 0519 8 14,320600 0513 8 14,320300 0516 8 10,321000 0514 8 8,320900 0515 8 8,' +
  '321100 0511 8 6,321200 0523 8 8,330400 0573 8 12,330600 0575 8 12,331000 0576 8 12,330500 0572 7 7,370600 0535 7 10,370700 0536 7 10,' +
  '371300 0539 7 8,370300 0533 7 7,371000 0631 7 4,440400 0756 7 7,442000 0760 8 9,441300 0752 7 8,440700 0750 7 6,440500 0754 8 6,' +
  '130200 0315 7 8,130600 0312 7 7,410300 0379 8 8,420500 0717 7 4,420600 0710 7 4,430200 0731 8 4,340200 0553 7 4,360700 0797 7 4,' +
  '450200 0772 7 4,510700 0816 7 4,520300 0851 8 4,350600 0596 7 4';

/** A city as addresses and names need it. */
export interface City {
  code: string;
  /** 深圳 */
  short: string;
  /** 广东省深圳市, 北京市 */
  full: string;
  districts: { code: string; name: string }[];
  areaCode: string;
  phoneDigits: number;
  weight: number;
}

/**
 * Cities with their districts out of a division tree.
 * @param nodes `code|name|English` as in templates/reference/gbt2260.json
 */
export function citiesOf(nodes: readonly string[]): City[] {
  const names = new Map<string, string>();
  const districts = new Map<string, { code: string; name: string }[]>();
  for (const node of nodes) {
    const [code = '', name = ''] = node.split('|');
    names.set(code, name);
    if (code.endsWith('00')) continue;
    // Districts of 北京 and the like hang on the province.
    for (const parent of [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`]) {
      const list = districts.get(parent);
      if (list) list.push({ code, name });
      else districts.set(parent, [{ code, name }]);
    }
  }
  return CITIES.split(',').flatMap((line): City[] => {
    const [code = '', areaCode = '', digits, weight] = line.split(' ');
    const name = names.get(code);
    if (name === undefined) return [];
    const province = code.endsWith('0000') ? '' : (names.get(`${code.slice(0, 2)}0000`) ?? '');
    const under = (districts.get(code) ?? []).filter((district) => /[区市]$/.test(district.name));
    return [
      {
        code,
        short: name.replace(/市$/, ''),
        full: province + name,
        districts: under,
        areaCode,
        phoneDigits: Number(digits),
        weight: Number(weight),
      },
    ];
  });
}
