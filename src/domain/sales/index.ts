export { type BackTest, backTests, type Forecast, forecastOf, weightedOf } from './forecast.ts';
export { type Funnel, type FunnelStep, funnelOf } from './funnel.ts';
export { type Journey, journeyOf, type Replaced } from './journey.ts';
