import type { FieldTypeName } from '../schema/types.ts';
import { address } from './address.ts';
import { autonumber } from './autonumber.ts';
import { bankaccount } from './bankaccount.ts';
import { boolean } from './boolean.ts';
import { date } from './date.ts';
import { datetime } from './datetime.ts';
import { department } from './department.ts';
import { email } from './email.ts';
import { file } from './file.ts';
import { geo } from './geo.ts';
import { idcard } from './idcard.ts';
import { longtext } from './longtext.ts';
import { money } from './money.ts';
import { multiselect } from './multiselect.ts';
import { number } from './number.ts';
import { percent } from './percent.ts';
import { phone } from './phone.ts';
import { rating } from './rating.ts';
import { relation } from './relation.ts';
import { select } from './select.ts';
import { tags } from './tags.ts';
import { text } from './text.ts';
import { treeType } from './tree-type.ts';
import type { FieldType } from './types.ts';
import { url } from './url.ts';
import { uscc } from './uscc.ts';
import { user } from './user.ts';

/** Every field type of the product. A new type is one file and one line here. */
export const FIELD_TYPES: Record<FieldTypeName, FieldType> = {
  text,
  longtext,
  number,
  money,
  percent,
  date,
  datetime,
  boolean,
  select,
  multiselect,
  tags,
  tree: treeType,
  phone,
  email,
  url,
  address,
  geo,
  user,
  department,
  relation,
  autonumber,
  idcard,
  uscc,
  bankaccount,
  rating,
  file,
};

export function fieldType(name: FieldTypeName): FieldType {
  return FIELD_TYPES[name];
}
