/** What a firm that sells and looks after equipment talks about. Unit prices in yuan. */
export const PRODUCTS: { name: string; code: string; price: number; model: string }[] = [
  { name: '工业交换机', code: 'SW-24G', price: 3200, model: 'SW-24G-PoE' },
  { name: '边缘网关', code: 'GW-5', price: 6800, model: 'GW-5 Pro' },
  { name: '数据采集终端', code: 'DT-8', price: 1800, model: 'DT-8A' },
  { name: '智能巡检机器人', code: 'RB-2', price: 98000, model: 'RB-2 室外版' },
  { name: '机房动环监控', code: 'EM-1', price: 42000, model: 'EM-1' },
  { name: '仓储管理软件', code: 'WMS', price: 65000, model: 'WMS 3.2' },
  { name: '设备维保年服务', code: 'MA-1Y', price: 15000, model: 'MA-1Y' },
  { name: '冷链温控箱', code: 'CB-6', price: 12500, model: 'CB-6L' },
];

export const DEALS = ['采购', '扩容', '二期', '年度框架', '改造', '试点', '更新换代', '新厂区'];
export const NEEDS = [
  '现有设备老化，想赶在旺季前换',
  '新厂区投产，需要整套方案',
  '集团统一选型，先做试点',
  '原供应商响应慢，想换一家',
  '要和现有系统对接',
];
export const STEPS = ['发送报价', '安排现场勘察', '约技术交流', '提交合同初稿', '跟进付款审批', '寄样机'];
export const LOST = ['价格高于竞争对手', '预算取消', '选了本地供应商', '项目推迟到明年', '技术指标不满足'];
export const TICKETS: { subject: string; kind: string; priority: string; solution: string }[] = [
  { subject: '网关频繁掉线', kind: 'repair', priority: 'high', solution: '升级固件并更换电源模块，观察三天无异常' },
  { subject: '咨询软件升级步骤', kind: 'consultation', priority: 'low', solution: '已发送升级手册并远程演示' },
  { subject: '到货数量少一台', kind: 'complaint', priority: 'urgent', solution: '已补发，并致电致歉' },
  { subject: '温控箱报警误报', kind: 'repair', priority: 'normal', solution: '调整传感器阈值' },
  { subject: '希望增加导出报表', kind: 'feedback', priority: 'low', solution: '已转产品，下个版本提供' },
  { subject: '发票抬头开错', kind: 'complaint', priority: 'high', solution: '已作废重开' },
  { subject: '巡检机器人路线偏移', kind: 'repair', priority: 'high', solution: '现场重新标定' },
  { subject: '咨询延保价格', kind: 'consultation', priority: 'normal', solution: '已报价，客户考虑中' },
];
export const CARE = ['季度巡检', '年度保养', '更换滤网', '现场校准', '固件升级'];
export const PLACES_OF = ['一号机房', '二号车间', '仓库东侧', '装配线旁', '数据中心三楼'];
export const TALK_OF_STAGE: Record<string, string> = {
  lead: '初次电话沟通，了解到有采购计划，约了下周详谈。',
  contact: '技术交流，介绍方案并确认需求清单，对方要正式报价。',
  negotiation: '商务谈判，就价格和交付期来回两轮，差距不大。',
  won: '合同已签，约定首付 30%，三周内交付。',
  lost: '对方来电说明这次不合作，保持联系，半年后再回访。',
};
