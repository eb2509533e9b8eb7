import {
  AlignLeftOutlined,
  ApartmentOutlined,
  BankOutlined,
  CalendarOutlined,
  CheckCircleOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  ClusterOutlined,
  EnvironmentOutlined,
  FieldBinaryOutlined,
  FontSizeOutlined,
  HomeOutlined,
  IdcardOutlined,
  LinkOutlined,
  MailOutlined,
  NodeIndexOutlined,
  NumberOutlined,
  PaperClipOutlined,
  PayCircleOutlined,
  PercentageOutlined,
  PhoneOutlined,
  SafetyCertificateOutlined,
  StarOutlined,
  TagsOutlined,
  UnorderedListOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Label } from '../../domain/issue.ts';
import type { FieldTypeName } from '../../domain/schema/types.ts';

export interface FieldTypeFace {
  label: Label;
  /** One line for someone who has never designed a form. */
  hint: Label;
  icon: ReactNode;
}

const face = (icon: ReactNode, zh: string, en: string, zhHint: string, enHint: string): FieldTypeFace => ({
  icon,
  label: { zh, en },
  hint: { zh: zhHint, en: enHint },
});

/** How each field type is named and explained wherever a type is chosen. Parsing lives in domain/fields and is not loaded for this. */
export const fieldTypeFaces: Record<FieldTypeName, FieldTypeFace> = {
  text: face(<FontSizeOutlined />, '单行文本', 'Text', '名称、编号、短说明', 'Names, codes, short notes'),
  longtext: face(<AlignLeftOutlined />, '多行文本', 'Long text', '跟进内容、备注', 'Notes, minutes'),
  number: face(<NumberOutlined />, '数字', 'Number', '数量、人数', 'Quantities, head counts'),
  money: face(<PayCircleOutlined />, '金额', 'Money', '带币种，精确到分', 'With currency, exact to the cent'),
  percent: face(<PercentageOutlined />, '百分比', 'Percent', '折扣、占比', 'Discounts, shares'),
  date: face(<CalendarOutlined />, '日期', 'Date', '签约日期、生日', 'Signing date, birthday'),
  datetime: face(<ClockCircleOutlined />, '日期时间', 'Date and time', '精确到分钟的时刻', 'A moment, to the minute'),
  boolean: face(<CheckSquareOutlined />, '是 / 否', 'Yes / no', '只有两种可能', 'Only two possibilities'),
  select: face(<CheckCircleOutlined />, '单选', 'Single choice', '从选项中选一个', 'One of several options'),
  multiselect: face(<UnorderedListOutlined />, '多选', 'Several choices', '从选项中选多个', 'Any of several options'),
  tags: face(<TagsOutlined />, '标签', 'Tags', '可随时添加新的标签', 'New tags can be added any time'),
  tree: face(
    <ClusterOutlined />,
    '分级选项',
    'Levels',
    '行业、省市区等逐级选择',
    'Industry, region: chosen level by level',
  ),
  phone: face(<PhoneOutlined />, '电话', 'Phone', '自动检查位数，点一下即可拨打', 'Checked for length, tap to call'),
  email: face(<MailOutlined />, '邮箱', 'E-mail', '自动检查格式', 'Format is checked'),
  url: face(<LinkOutlined />, '网址', 'Web address', '官网、店铺链接', 'Website, shop'),
  address: face(
    <HomeOutlined />,
    '地址',
    'Address',
    '自动拆分省、市、区、街道',
    'Split into province, city, district, street',
  ),
  geo: face(<EnvironmentOutlined />, '位置', 'Location', '经纬度', 'Latitude and longitude'),
  user: face(<UserOutlined />, '成员', 'Person', '负责人等团队成员', 'Someone of the team, such as the owner'),
  department: face(<ApartmentOutlined />, '部门', 'Department', '团队中的部门', 'A department of the team'),
  relation: face(
    <NodeIndexOutlined />,
    '关联',
    'Relation',
    '指向另一个对象的记录',
    'Points to a record of another object',
  ),
  autonumber: face(
    <FieldBinaryOutlined />,
    '自动编号',
    'Automatic number',
    '按规则自动生成，如 CUST20260101-0001',
    'Made by rule, such as CUST20260101-0001',
  ),
  idcard: face(
    <IdcardOutlined />,
    '身份证号',
    'ID card number',
    '检查校验位；敏感信息',
    'Check digit verified; sensitive',
  ),
  uscc: face(
    <SafetyCertificateOutlined />,
    '统一社会信用代码',
    'Company registration code (USCC)',
    '检查校验位',
    'Check digit verified',
  ),
  bankaccount: face(
    <BankOutlined />,
    '银行账号',
    'Bank account',
    '检查校验位；敏感信息',
    'Check digit verified; sensitive',
  ),
  rating: face(<StarOutlined />, '评分', 'Rating', '1 到 5 星', 'One to five stars'),
  file: face(<PaperClipOutlined />, '附件', 'File', '照片、合同', 'Photos, contracts'),
};
