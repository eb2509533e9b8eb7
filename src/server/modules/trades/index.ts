export { installTrade, type TradeDeps, tradeFile } from './install-trade.ts';
export { tradeRoutes } from './trade-routes.ts';
export { shippedTrades } from './trade-store.ts';
