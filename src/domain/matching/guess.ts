import { parseDate } from './standardise/date.ts';
import { looksChineseName } from './standardise/person.ts';
import { hasHan, plain } from './standardise/text.ts';
import { validUscc } from './standardise/uscc.ts';
import type { KindName, MatchField, MatchSchema, Row } from './types.ts';

type Verdict = KindName | 'id' | 'ignore';

/** Headings that say what a column holds, tried in order. Latin headings are matched as whole words, Chinese ones anywhere. */
const HEADINGS: readonly [Verdict, RegExp][] = [
  [
    'ignore',
    /创建|建档|录入|更新|修改|导入|来源|渠道|负责人|跟进|所属|归属|备注|状态|created|updated|modified|inserted|import|source|owner|assigned|remark|note|comment|status|cluster|score/,
  ],
  ['uscc', /信用代码|税号|纳税人识别|uscc|unified social|credit code/],
  [
    'identifier',
    /身份证|证件号|护照|营业执照|注册号|soc sec|ssn|social security|national id|passport|tax (?:id|no|number)|vat|duns|lei\b|nhs|nino|isbn|ean|licen[cs]e|abn\b|ein\b|siren|siret/,
  ],
  ['email', /邮箱|邮件|电邮|e ?mail/],
  ['phone', /手机|电话|座机|固话|传真|联系方式|phone|mobile|cell|tel\b|telephone|telefon|fax|landline/],
  ['url', /网址|网站|主页|官网|url|web ?site|homepage|domain|www/],
  [
    'date',
    /生日|出生日期|成立日期|日期|birth ?day|date|dob|born|died|death|baptis|christen|naissance|geburt|nacimiento|year|年份/,
  ],
  [
    'company',
    /公司|企业|单位|客户名|客户全称|客户简称|机构|商户|供应商|厂商|组织|学校|医院|曾用名|company|organi[sz]ation|org\b|firm|business|employer|institution|school|university|hospital|agency|vendor|supplier|customer name|account|affiliation|entreprise|firma|empresa/,
  ],
  ['person', /full ?name|first and (?:sur|last) ?name|name and surname/],
  ['given', /^(?:名|名字)$|given|first ?name|fore ?names?|christian name|middle|prenom|vorname|nombre/],
  ['family', /^姓$|姓氏|surname|family name|last ?name|maiden|nachname|apellido|nom de famille/],
  [
    'person',
    /姓名|联系人|法人|法定代表|负责人|full ?name|person|contact|spouse|husband|wife|father|mother|parent|child|author|配偶|父亲|母亲/,
  ],
  ['postcode', /邮编|邮政编码|post ?code|postal|zip|plz|codigo postal/],
  ['number', /门牌|street (?:number|no|num)|house (?:number|no)|hausnummer|building number|房号/],
  ['address', /地址|住址|住所|address|addr\b|street|strasse|rue|calle|direccion|road|line ?\d/],
  [
    'place',
    /省|市|区|县|城市|籍贯|出生地|city|town|suburb|county|state|province|region|country|parish|place|village|locality|district|municipality|ort\b|stadt|ville|ciudad/,
  ],
  [
    'category',
    /性别|行业|类型|类别|等级|职业|职务|gender|sex\b|type|category|class|industry|occupation|profession|job|title|race|marital|cuisine/,
  ],
];

/** Persons that a record of a company has. */
const CONTACT = /联系|法人|法定|负责|contact|owner|manager|representative|director/;

const ID = /^(?:.*[ _])?id$|^rec ?id$|^(?:编号|序号|客户编号|记录号|主键|id|uuid|guid|key|no|nr)$/;

function heading(text: string): string {
  return plain(text.replace(/([a-z])([A-Z])/g, '$1 $2'))
    .replace(/[_\-./:()]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

interface Content {
  filled: number;
  distinct: number;
  share: (test: (value: string) => boolean) => number;
  length: number;
}

function contentOf(values: readonly string[]): Content {
  const filled = values.map((v) => v.trim()).filter((v) => v !== '');
  return {
    filled: filled.length,
    distinct: new Set(filled).size,
    share: (test) => (filled.length === 0 ? 0 : filled.filter(test).length / filled.length),
    length: filled.reduce((s, v) => s + v.length, 0) / Math.max(1, filled.length),
  };
}

const COMPANY_WORD =
  /公司|集团|厂$|银行|大学|学院|医院|政府|委员会|事务所|合作社|研究院|协会|\b(?:inc|corp|co|ltd|llc|plc|gmbh|university|institute|hospital|college|school|bank|ministry|department|company|association|foundation|society|council|museum|laborator(?:y|ies)|s\.?a|ag)\b/i;
const phoneLike = (v: string): boolean =>
  /^[+(]?[\d０-９][\d０-９\s()（）\-./+－]{5,22}(?:\s*(?:ext|转|#|x)\.?\s*\d+)?$/i.test(v) &&
  (v.match(/[\d０-９]/g) ?? []).length >= 7;

function byContent(c: Content): KindName | 'ignore' | null {
  if (c.filled === 0) return 'ignore';
  const mostly = (test: (v: string) => boolean): boolean => c.share(test) >= 0.7;
  if (mostly((v) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(v))) return 'email';
  if (mostly((v) => validUscc(v.trim().toUpperCase()))) return 'uscc';
  if (
    mostly(
      (v) =>
        /^(?:https?:\/\/|www\.)\S+$/i.test(v) ||
        /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|io|co|de|uk|edu|gov)(?:\/\S*)?$/i.test(v),
    )
  )
    return 'url';
  if (
    mostly((v) =>
      /[-/.年]|^\d{8}$|[a-z]{3}/i.test(v) &&
      v.length <= 20 &&
      /\d{4}/.test(v) &&
      parseDate(v) !== null &&
      !/^\d{8}$/.test(v)
        ? true
        : /^(?:1[5-9]|20)\d{2}(?:0\d|1[0-2])[0-3]\d$/.test(v),
    )
  )
    return 'date';
  if (mostly((v) => phoneLike(v) && /[\s()\-./+]|^0|^1[3-9]\d{9}$|^\d{10}$/.test(v))) return 'phone';
  if (c.share((v) => COMPANY_WORD.test(v)) >= 0.35) return 'company';
  if (c.share((v) => looksChineseName(v)) >= 0.6 && c.distinct > c.filled * 0.05) return 'person';
  if (c.share((v) => hasHan(v) && /[路街道巷村号]/.test(v) && /\d/.test(v)) >= 0.5) return 'address';
  if (mostly((v) => /^\d+\s+\S+/.test(v) && /[a-z]/i.test(v))) return 'address';
  if (c.distinct <= 30 && c.distinct < c.filled * 0.1) return 'category';
  return null;
}

/** Kinds that a heading may claim only when the content allows it. */
function contradicts(kind: Verdict, c: Content): boolean {
  if (c.filled === 0) return false;
  if (kind === 'phone') return c.share((v) => (v.match(/[\d０-９]/g) ?? []).length >= 5) < 0.4;
  if (kind === 'date') return c.share((v) => parseDate(v) !== null || /^\d{5}$/.test(v)) < 0.4;
  if (kind === 'number') return c.share((v) => /\d/.test(v)) < 0.4;
  if (kind === 'email') return c.share((v) => v.includes('@')) < 0.3;
  return false;
}

/** Chooses kinds from headings and up to a few thousand rows. Columns that identify the row itself or say when it was typed are left out. */
export function guessSchema(headers: readonly string[], rows: readonly Row[]): MatchSchema {
  const fields: MatchField[] = [];
  let id: string | undefined;
  const contents = headers.map((h) => contentOf(rows.map((r) => r[h] ?? '')));
  headers.forEach((column, i) => {
    const c = contents[i];
    if (c === undefined) return;
    const name = heading(column);
    const unique = c.distinct === c.filled && c.filled === rows.length && rows.length > 1;
    if (id === undefined && ID.test(name) && unique) {
      id = column;
      return;
    }
    const kind = decide(name, c, rows.length);
    if (kind !== 'ignore' && kind !== 'id') fields.push({ column, kind });
  });
  dropRepeated(fields, rows);
  // A list of people may say where they work; a company column before any name of a person, or beside contacts, names the record.
  const first = fields.findIndex((f) => f.kind === 'company');
  const people = fields.findIndex(
    (f) => f.kind === 'given' || f.kind === 'family' || (f.kind === 'person' && !CONTACT.test(heading(f.column))),
  );
  const company = fields[first];
  if (company !== undefined && (people < 0 || first < people)) company.subject = true;
  if (id === undefined) {
    const first = headers.findIndex(
      (h, i) =>
        contents[i]?.distinct === rows.length &&
        contents[i]?.filled === rows.length &&
        /^[\w-]+$/.test(rows[0]?.[h] ?? '') &&
        contents[i].share((v) => /\d/.test(v)) > 0.95 &&
        byContent(contents[i]) === null,
    );
    const column = headers[first];
    if (first === 0 && column !== undefined) {
      id = column;
      fields.splice(
        fields.findIndex((f) => f.column === column),
        1,
      );
    }
  }
  return id === undefined ? { fields } : { fields, id };
}

/**
 * A column that only repeats others (full name beside given and family name) would count the same agreement twice. When its parts are
 * there, the whole goes; when only one part is there, the part goes.
 */
function dropRepeated(fields: MatchField[], rows: readonly Row[]): void {
  const names = fields.filter((f) => f.kind === 'person' || f.kind === 'given' || f.kind === 'family');
  const contained = (part: MatchField, whole: MatchField): boolean => {
    let both = 0;
    let inside = 0;
    for (const row of rows) {
      const a = plain(row[part.column] ?? '');
      const b = plain(row[whole.column] ?? '');
      if (a === '' || b === '') continue;
      both++;
      const has = b.split(' ');
      if (hasHan(a) ? b.includes(a) : a.split(' ').every((w) => has.includes(w))) inside++;
    }
    return both >= 5 && inside >= both * 0.75;
  };
  const drop = new Set<MatchField>();
  for (const whole of names.filter((f) => f.kind === 'person')) {
    const parts = names.filter((f) => f !== whole && !drop.has(f) && contained(f, whole));
    if (parts.some((f) => f.kind === 'given') && parts.some((f) => f.kind === 'family')) drop.add(whole);
    else
      for (const part of parts)
        if (!contained(whole, part) || names.indexOf(part) > names.indexOf(whole)) drop.add(part);
  }
  fields.splice(0, fields.length, ...fields.filter((f) => !drop.has(f)));
}

function decide(name: string, c: Content, rows: number): Verdict {
  if (c.filled < Math.min(5, rows * 0.002)) return 'ignore';
  if (c.distinct === 1 && c.filled > 20) return 'ignore';
  const seen = byContent(c);
  const said = HEADINGS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
  if (said !== null && !contradicts(said, c)) {
    if (said === 'ignore') return 'ignore';
    // Content that is beyond doubt wins over a heading such as 联系人 (phone) or account (e-mail).
    if (
      seen !== null &&
      ['email', 'uscc', 'url', 'phone'].includes(seen) &&
      !['phone', 'identifier', 'uscc', 'postcode', 'number'].includes(said)
    )
      return seen;
    if (said === 'category' && c.distinct > 200 && c.distinct > c.filled * 0.2) return 'text';
    if (said === 'person' && seen === 'company') return 'company';
    return said;
  }
  if (seen !== null) return seen;
  if (/名称|name|titel|title|nom|naam/.test(name)) return nameKind(c);
  if (c.share((v) => /^[\w-]*\d[\w-]*$/.test(v) && v.length >= 6) >= 0.8)
    return c.distinct > c.filled * 0.3 ? 'identifier' : 'category';
  if (c.share((v) => /^\d{1,5}[a-z]?$/i.test(v)) >= 0.8) return c.distinct <= 2 ? 'category' : 'number';
  // Few short values again and again are a list of towns or the like.
  return c.length <= 25 && c.filled >= 100 && c.distinct < c.filled * 0.25 ? 'place' : 'text';
}

/** A column called “name”: people when nearly all have two or three words of letters, else organisations and other things. */
function nameKind(c: Content): KindName {
  if (c.share((v) => hasHan(v)) > 0.5) return c.length <= 4 ? 'person' : 'company';
  return c.share((v) => /^\p{L}[\p{L}'.-]*(?:\s+\p{L}[\p{L}'.-]*){1,3}$/u.test(v.trim())) > 0.9 &&
    c.share((v) => /\b(?:of|the|and|cafe|restaurant)\b/i.test(v)) < 0.03
    ? 'person'
    : 'company';
}
