import { HEAD, MAIN } from './xml-text.ts';

/** Cell styles of a workbook that people fill in: position in `cellXfs` below. Only the key, the header and the notes are locked. */
export const FORM_STYLE = {
  header: 1,
  headerFixed: 2,
  key: 3,
  note: 4,
  text: 5,
  date: 6,
  datetime: 7,
  number: 8,
  longInteger: 9,
  longNumber: 10,
  money: 11,
  longMoney: 12,
  percent: 13,
  longPercent: 14,
  title: 15,
} as const;

const FORMATS: Record<number, string> = {
  164: 'yyyy\\-mm\\-dd',
  165: 'yyyy\\-mm\\-dd\\ hh:mm:ss',
  166: '0.##############',
  167: '#,##0.00############',
  168: '0.0000%',
};

/** numFmt ids below 164 are built in (ECMA-376, 18.8.30): 0 General, 1 `0`, 4 `#,##0.00`, 10 `0.00%`, 49 text. */
const XFS: [format: number, font: number, fill: number, locked: boolean, wrap?: boolean][] = [
  [0, 0, 0, true],
  [49, 1, 2, true],
  [49, 2, 2, true],
  [49, 2, 0, true],
  [49, 0, 0, true, true],
  [49, 0, 0, false],
  [164, 0, 0, false],
  [165, 0, 0, false],
  [0, 0, 0, false],
  [1, 0, 0, false],
  [166, 0, 0, false],
  [4, 0, 0, false],
  [167, 0, 0, false],
  [10, 0, 0, false],
  [168, 0, 0, false],
  [49, 1, 0, true, true],
];

export function formStyles(): string {
  const formats = Object.entries(FORMATS).map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`);
  const name = '<name val="等线"/>';
  const xfs = XFS.map(
    ([format, font, fill, locked, wrap]) =>
      `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyProtection="1"${wrap ? ' applyAlignment="1"' : ''}>` +
      `${wrap ? '<alignment vertical="top" wrapText="1"/>' : ''}<protection locked="${locked ? 1 : 0}"/></xf>`,
  );
  return (
    `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="${formats.length}">${formats.join('')}</numFmts>` +
    `<fonts count="3"><font><sz val="11"/>${name}</font><font><b/><sz val="11"/>${name}</font><font><sz val="11"/><color rgb="FF6B7280"/>${name}</font></fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF2F3F5"/></patternFill></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
    `<cellXfs count="${XFS.length}">${xfs.join('')}</cellXfs></styleSheet>`
  );
}
