import {
  ApartmentOutlined,
  ApiOutlined,
  AppstoreAddOutlined,
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  BlockOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CloudUploadOutlined,
  CrownOutlined,
  DeleteOutlined,
  ExportOutlined,
  FileProtectOutlined,
  FormOutlined,
  FunnelPlotOutlined,
  GlobalOutlined,
  HeartOutlined,
  InboxOutlined,
  KeyOutlined,
  LineChartOutlined,
  LockOutlined,
  NotificationOutlined,
  RadarChartOutlined,
  SafetyOutlined,
  ScheduleOutlined,
  SendOutlined,
  SettingOutlined,
  SunOutlined,
  TableOutlined,
  TagsOutlined,
  TeamOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Act } from '../../domain/access/types.ts';
import type { TextKey } from '../i18n/texts.ts';

export interface Place {
  to:
    | '/today'
    | '/customers'
    | '/sales'
    | '/value'
    | '/pool'
    | '/settings/service'
    | '/health'
    | '/insight'
    | '/campaigns'
    | '/review'
    | '/approvals'
    | '/duplicates'
    | '/import'
    | '/settings/fields'
    | '/policies'
    | '/evaluation'
    | '/checks'
    | '/people'
    | '/settings/account'
    | '/settings/access'
    | '/settings/departments'
    | '/settings/apps'
    | '/bin'
    | '/asks'
    | '/forms'
    | '/settings/audit'
    | '/settings/encryption'
    | '/settings/privacy'
    | '/settings/exports'
    | '/settings/rules'
    | '/settings/tags'
    | '/settings/trades'
    | '/settings/evidence'
    | '/settings/notify';
  text: TextKey;
  icon: ReactNode;
  /** Only for those whose roles have this act. */
  act?: Act;
  /** Not under the thumb on a phone: there is room for four. */
  aside?: boolean;
  /** Says how much waits there. */
  count?: 'review' | 'approvals';
}

/** Where one can go; side navigation, bottom bar and ⌘K read the same list. */
export const PLACES: Place[] = [
  { to: '/today', text: 'today', icon: <SunOutlined /> },
  { to: '/customers', text: 'customers', icon: <TableOutlined /> },
  { to: '/sales', text: 'sales', icon: <FunnelPlotOutlined />, aside: true },
  { to: '/value', text: 'value', icon: <CrownOutlined />, aside: true },
  { to: '/pool', text: 'pool', icon: <GlobalOutlined />, aside: true },
  { to: '/health', text: 'health', icon: <HeartOutlined /> },
  { to: '/insight', text: 'insight', icon: <BarChartOutlined />, aside: true },
  { to: '/campaigns', text: 'campaigns', icon: <NotificationOutlined />, act: 'campaigns', aside: true },
  { to: '/review', text: 'review', icon: <InboxOutlined />, aside: true, count: 'review' },
  { to: '/approvals', text: 'approvals', icon: <AuditOutlined />, aside: true, count: 'approvals' },
  { to: '/duplicates', text: 'duplicates', icon: <BlockOutlined />, aside: true },
  { to: '/import', text: 'import', icon: <CloudUploadOutlined /> },
];

/** Parts of the settings, in their order. */
export const SETTING_GROUPS = ['quality', 'records', 'team', 'security'] as const;
type SettingGroup = (typeof SETTING_GROUPS)[number];

export const SETTINGS: (Place & { group: SettingGroup })[] = [
  { to: '/asks', text: 'asks', group: 'quality', icon: <SendOutlined /> },
  { to: '/forms', text: 'forms', group: 'records', icon: <FormOutlined /> },
  { to: '/settings/account', text: 'my-account', group: 'security', icon: <LockOutlined /> },
  { to: '/settings/fields', text: 'fields', group: 'records', icon: <SettingOutlined />, act: 'fields' },
  { to: '/settings/trades', text: 'trades', group: 'records', icon: <AppstoreAddOutlined />, act: 'fields' },
  { to: '/policies', text: 'policies', group: 'quality', icon: <ScheduleOutlined />, act: 'policies' },
  { to: '/evaluation', text: 'evaluation', group: 'quality', icon: <LineChartOutlined />, act: 'quality' },
  { to: '/checks', text: 'checks', group: 'quality', icon: <CheckSquareOutlined /> },
  { to: '/settings/evidence', text: 'evidence', group: 'quality', icon: <RadarChartOutlined />, act: 'policies' },
  { to: '/settings/rules', text: 'rules', group: 'team', icon: <ThunderboltOutlined />, act: 'settings' },
  { to: '/settings/tags', text: 'tags', group: 'team', icon: <TagsOutlined />, act: 'settings' },
  { to: '/settings/service', text: 'service', group: 'team', icon: <ClockCircleOutlined />, act: 'settings' },
  { to: '/settings/notify', text: 'notify', group: 'team', icon: <BellOutlined /> },
  { to: '/people', text: 'people', group: 'team', icon: <TeamOutlined /> },
  { to: '/settings/access', text: 'access', group: 'team', icon: <SafetyOutlined /> },
  { to: '/settings/departments', text: 'departments', group: 'team', icon: <ApartmentOutlined />, act: 'team' },
  { to: '/settings/apps', text: 'apps', group: 'security', icon: <ApiOutlined /> },
  { to: '/settings/audit', text: 'audit', group: 'security', icon: <FileProtectOutlined />, act: 'audit' },
  { to: '/bin', text: 'bin', group: 'records', icon: <DeleteOutlined /> },
  { to: '/settings/privacy', text: 'privacy', group: 'security', icon: <SafetyOutlined />, act: 'privacy' },
  { to: '/settings/encryption', text: 'encryption', group: 'security', icon: <KeyOutlined />, act: 'settings' },
  { to: '/settings/exports', text: 'exports', group: 'security', icon: <ExportOutlined /> },
];
