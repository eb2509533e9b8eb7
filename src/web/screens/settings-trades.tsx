export { TradesPage as SettingsTradesScreen } from '../features/trades/trades-page.tsx';
