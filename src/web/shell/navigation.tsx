import {
  BellOutlined,
  BlockOutlined,
  CheckSquareOutlined,
  CloudUploadOutlined,
  DeleteOutlined,
  HeartOutlined,
  LineChartOutlined,
  RadarChartOutlined,
  ScheduleOutlined,
  SendOutlined,
  SettingOutlined,
  SunOutlined,
  TableOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { TextKey } from '../i18n/texts.ts';

export interface Place {
  to:
    | '/today'
    | '/customers'
    | '/health'
    | '/duplicates'
    | '/import'
    | '/settings/fields'
    | '/policies'
    | '/evaluation'
    | '/checks'
    | '/people'
    | '/bin'
    | '/asks'
    | '/settings/evidence'
    | '/settings/notify';
  text: TextKey;
  icon: ReactNode;
  /** Administrators only. */
  admin?: boolean;
  /** Not under the thumb on a phone: there is room for four. */
  aside?: boolean;
}

/** Where one can go; side navigation, bottom bar and ⌘K read the same list. */
export const PLACES: Place[] = [
  { to: '/today', text: 'today', icon: <SunOutlined /> },
  { to: '/customers', text: 'customers', icon: <TableOutlined /> },
  { to: '/health', text: 'health', icon: <HeartOutlined /> },
  { to: '/duplicates', text: 'duplicates', icon: <BlockOutlined />, aside: true },
  { to: '/import', text: 'import', icon: <CloudUploadOutlined /> },
];

export const SETTINGS: Place[] = [
  { to: '/asks', text: 'asks', icon: <SendOutlined /> },
  { to: '/settings/fields', text: 'fields', icon: <SettingOutlined />, admin: true },
  { to: '/policies', text: 'policies', icon: <ScheduleOutlined />, admin: true },
  { to: '/evaluation', text: 'evaluation', icon: <LineChartOutlined />, admin: true },
  { to: '/checks', text: 'checks', icon: <CheckSquareOutlined /> },
  { to: '/settings/evidence', text: 'evidence', icon: <RadarChartOutlined />, admin: true },
  { to: '/settings/notify', text: 'notify', icon: <BellOutlined /> },
  { to: '/people', text: 'people', icon: <TeamOutlined /> },
  { to: '/bin', text: 'bin', icon: <DeleteOutlined /> },
];
