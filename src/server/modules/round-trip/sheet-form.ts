import type { ParseEnv, Tree } from '../../../domain/fields/types.ts';
import type { Label, Lang } from '../../../domain/issue.ts';
import { KEY_HEADER, type SheetColumn, VERIFIED_HEADER } from '../../../domain/round-trip/columns.ts';
import { shapeOf } from '../../../domain/round-trip/written-cell.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { FormBook, FormColumn } from '../../platform/tabular/write-form.ts';

/** Longer drop-downs than this nobody looks through. */
const LONGEST_TREE = 5000;

/** What a field may be chosen from, as far as that is known: by field name. */
export type Choices = ReadonlyMap<string, readonly string[]>;

const TEXTS = {
  sheet: { zh: '数据', en: 'Data' },
  notes: { zh: '说明', en: 'How to' },
  lists: { zh: '选项', en: 'Choices' },
  yes: { zh: '是', en: 'Yes' },
  choiceError: { zh: '请从下拉列表中选择。', en: 'Choose one from the list.' },
  fixed: {
    zh: '此列由系统维护或您没有修改权限，在这里修改不会写入。',
    en: 'This column is kept by the system or not yours to change; edits here are not taken over.',
  },
} as const satisfies Record<string, Label>;

/** The workbook around the rows of an export for editing. First column: the key; last: the mark for “verified”. */
export function sheetForm(
  object: ObjectDef,
  columns: readonly SheetColumn[],
  choices: Choices,
  lang: Lang,
  when: string,
): FormBook {
  const fields = columns.map((column) => formColumn(column, choices, lang, column.field === object.title));
  return {
    sheet: `${object.plural[lang]}`.slice(0, 27) || TEXTS.sheet[lang],
    columns: [
      { header: KEY_HEADER[lang], kind: 'key', width: 20 },
      ...fields,
      {
        header: VERIFIED_HEADER[lang],
        kind: 'text',
        width: 12,
        choices: { values: [TEXTS.yes[lang]], strict: true },
      },
    ],
    // The key is hidden; the name stays in sight when it comes first.
    frozen: columns[0]?.field === object.title ? 2 : 1,
    notes: {
      sheet: TEXTS.notes[lang],
      title: lang === 'zh' ? `修改后导回：${object.plural.zh}` : `Edit and bring back: ${object.plural.en}`,
      lines: notes(lang, when),
    },
    choicesSheet: TEXTS.lists[lang],
    choiceError: TEXTS.choiceError[lang],
  };
}

/** Fields that the file shows and that can't be changed through it. */
export const isFixed = ({ most, def }: SheetColumn): boolean => most !== 'edit' || isKept(def);

/** Fields that the system fills, or that no cell can hold. */
export const isKept = (def: FieldDef): boolean =>
  def.readonly === true || def.type === 'autonumber' || def.type === 'file';

function formColumn(column: SheetColumn, choices: Choices, lang: Lang, title: boolean): FormColumn {
  const { def, header } = column;
  // What is masked or ranged is text whatever the type.
  const kind = column.most === 'masked' || column.most === 'ranged' ? 'text' : shapeOf(def);
  if (isFixed(column)) return { header, kind, fixed: TEXTS.fixed[lang] };
  const values = choices.get(column.field);
  const several = def.type === 'multiselect' || def.type === 'tags';
  return {
    header,
    kind,
    ...((def.type === 'longtext' || def.type === 'tree') && { width: 40 }),
    ...(title && { width: 30 }),
    ...(values && values.length > 0 && { choices: { values, strict: !several && !def.open } }),
  };
}

/** Choices that follow from the declaration alone; people and related records are the caller's. */
export function declaredChoices(def: FieldDef, lang: Lang, env: ParseEnv): string[] | null {
  switch (def.type) {
    case 'boolean':
      return lang === 'zh' ? ['是', '否'] : ['Yes', 'No'];
    case 'select':
    case 'multiselect':
    case 'tags':
      return (def.options ?? []).filter((option) => !option.retired).map((option) => option.label[lang]);
    case 'tree':
      return treePaths(env.trees[def.tree ?? ''], lang);
    default:
      return null;
  }
}

function treePaths(tree: Tree | undefined, lang: Lang): string[] | null {
  if (!tree) return null;
  const paths: string[] = [];
  const walk = (code: string | null, above: string): void => {
    for (const node of tree.children(code)) {
      const path = `${above}${node.label[lang] || node.label.zh}`;
      paths.push(path);
      if (paths.length <= LONGEST_TREE) walk(node.code, `${path}/`);
    }
  };
  walk(null, '');
  return paths.length > LONGEST_TREE ? null : paths;
}

function notes(lang: Lang, when: string): string[] {
  return lang === 'zh'
    ? [
        `导出时间：${when}。之后别人在系统里的修改不会被此文件覆盖：您没改过的单元格一律不动。`,
        '直接修改单元格即可；清空单元格表示清空该值。有下拉箭头的列请从列表中选择，多选用“、”分隔。',
        '可以排序、筛选、调整列的顺序、删除不需要的列。删除的行不会删除系统里的记录。',
        '在表格下方空行填写即为新增；复制已有的行并改名也算新增。',
        '灰色表头的列由系统维护或您没有修改权限，改了也不会写入，导回时会列出。',
        '“本行已核实”选“是”：表示该行未改动的值今天仍然正确，会更新其新鲜度。',
        '隐藏的“行标识”列用来认出每一行，请勿删除或改动。工作表保护没有密码，只防误改。',
        '改完后在“导入”页面上传此文件（.xlsx，或另存的 UTF-8 .csv，文件名随意）。写入之前会逐格列出改动；两边都改过的格子由您决定；写入后可以一次撤销。',
      ]
    : [
        `Exported ${when}. What others change in the system afterwards is safe: cells that you don’t touch stay as they are there.`,
        'Edit cells as usual; an emptied cell empties the value. Where there is a drop-down, choose from it; separate several choices with a comma.',
        'Sort, filter, move columns, delete columns you don’t need. Deleting a row deletes nothing in the system.',
        'Fill in the empty rows below to add records; a copied row with another name is a new record too.',
        'Columns with a grey heading are kept by the system or not yours to change; edits there are listed and not taken over.',
        '“Row verified” = Yes says that what you left unchanged in this row is still right today, and renews its freshness.',
        'The hidden column “Row key” tells the rows apart: don’t delete or change it. The sheet’s protection has no password; it only prevents slips.',
        'Then upload this file on the Import page (.xlsx, or saved as UTF-8 .csv, under any name). Every changed cell is listed before anything is written; where both sides changed, you decide; all of it can be undone at once.',
      ];
}
