import {
  AppstoreOutlined,
  BankOutlined,
  BulbOutlined,
  CarOutlined,
  CheckSquareOutlined,
  CustomerServiceOutlined,
  FileDoneOutlined,
  FileTextOutlined,
  FundOutlined,
  HddOutlined,
  MessageOutlined,
  PayCircleOutlined,
  ShoppingCartOutlined,
  ToolOutlined,
  UnorderedListOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ComponentType } from 'react';

/** Icons that a template may give its objects by name. */
const ICONS: Readonly<Record<string, ComponentType>> = {
  appstore: AppstoreOutlined,
  bank: BankOutlined,
  bulb: BulbOutlined,
  car: CarOutlined,
  'check-square': CheckSquareOutlined,
  'customer-service': CustomerServiceOutlined,
  'file-done': FileDoneOutlined,
  'file-text': FileTextOutlined,
  fund: FundOutlined,
  hdd: HddOutlined,
  message: MessageOutlined,
  'pay-circle': PayCircleOutlined,
  'shopping-cart': ShoppingCartOutlined,
  tool: ToolOutlined,
  'unordered-list': UnorderedListOutlined,
  user: UserOutlined,
};

export function ObjectIcon({ name }: { name: string | undefined }) {
  const Icon = ICONS[name ?? ''] ?? AppstoreOutlined;
  return <Icon />;
}
