import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { reportSchema } from '../../../contract/evaluation.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { sendTable } from '../../platform/tabular/send-table.ts';

type Report = z.input<typeof reportSchema>;

const WORDS = {
  zh: {
    name: '季度评估',
    header: [
      '分组',
      '范围',
      '有值',
      '过期率',
      '过期率误差（90%）',
      '较上季变化',
      '变化误差（90%）',
      '平均可信度',
      '核实正确',
      '核实有误',
      '顺手更正',
      '有误率',
      '有误率下限（95%）',
      '有误率上限（95%）',
    ],
    all: '全部',
    field: '字段',
    segment: '分群',
    person: '负责人',
    duty: '分工',
    duties: { sales: '销售', service: '客服', marketing: '市场', finance: '财务', steward: '数据管理' },
    rest: '其余记录',
    nobody: '无负责人',
    outcome: '结果',
    outcomes: [
      '结果对比',
      '数据',
      '客户数',
      '其中',
      '比例',
      '下限（95%）',
      '上限（95%）',
      '差',
      '差的下限（95%）',
      '差的上限（95%）',
      '精确检验 p',
    ],
    stale: '过期一半及以上',
    fresh: '过期不到一半',
    few: '数量太少，不作比较',
  },
  en: {
    name: 'Quarterly evaluation',
    header: [
      'Group',
      'What',
      'Values',
      'Past due',
      '± (90%)',
      'Against the quarter before',
      '± (90%)',
      'Mean belief',
      'Found right',
      'Found wrong',
      'Corrected on the way',
      'Share wrong',
      'From (95%)',
      'To (95%)',
    ],
    all: 'Everything',
    field: 'Field',
    segment: 'Segment',
    person: 'Owner',
    duty: 'Duty',
    duties: { sales: 'sales', service: 'service', marketing: 'marketing', finance: 'finance', steward: 'data steward' },
    rest: 'other records',
    nobody: 'Nobody',
    outcome: 'Outcome',
    outcomes: [
      'Outcome',
      'Data',
      'Customers',
      'Of them',
      'Share',
      'From (95%)',
      'To (95%)',
      'Difference',
      'From (95%)',
      'To (95%)',
      'Exact test p',
    ],
    stale: 'half or more past due',
    fresh: 'less than half past due',
    few: 'too few to compare',
  },
};

/** The report as a CSV that a spreadsheet opens: one line per field, segment and owner, then what went wrong beside staleness. */
export async function reportTable(reply: FastifyReply, report: Report, catalog: Catalog, lang: Lang): Promise<void> {
  const words = WORDS[lang];
  const objectOf = (name: string) => catalog.objects.find((one) => one.name === name)?.label[lang] ?? name;
  const line = (group: string, what: string, one: Report['all']) => [
    group,
    what,
    Math.round(one.values),
    number(one.expired?.value),
    number(one.expired?.error),
    number(one.change?.value),
    number(one.change?.error),
    number(one.freshness),
    one.confirmed,
    one.wrong,
    one.corrected,
    number(one.found?.value),
    number(one.found?.low),
    number(one.found?.high),
  ];
  const outcomes = report.outcomes.flatMap(({ label, figures }) => {
    if (!figures) return [];
    const { stale, fresh, difference, exact, verdict } = figures;
    const side = (name: string, one: typeof stale) => [
      label[lang],
      name,
      one.n,
      one.hits,
      number(one.share.value),
      number(one.share.low),
      number(one.share.high),
    ];
    const said =
      verdict === 'few'
        ? [words.few]
        : [number(difference.value), number(difference.low), number(difference.high), number(exact)];
    return [[...side(words.stale, stale), ...said], side(words.fresh, fresh)];
  });
  const rows = [
    line(words.all, '', report.all),
    ...report.byField.map((one) => line(words.field, `${objectOf(one.object)} · ${one.label[lang]}`, one)),
    ...report.bySegment.map((one) =>
      line(words.segment, `${objectOf(one.object)} · ${one.segment ? one.segment[lang] : words.rest}`, one),
    ),
    ...report.byDuty.map((one) => line(words.duty, words.duties[one.duty], one)),
    ...report.byPerson.map((one) => line(words.person, one.person === null ? words.nobody : one.name, one)),
    ...(outcomes.length > 0 ? [[], words.outcomes, ...outcomes] : []),
  ];
  const width = words.header.length;
  const name = `${words.name} ${report.quarter.id}`;
  const padded = rows.map((row) => [...row, ...Array<string>(width).fill('')].slice(0, width).map(String));
  await sendTable(reply, { name, format: 'csv', header: words.header, rows: Readable.from(padded) });
}

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : value.toFixed(4);
