export { type FirstDigits, firstDigits } from './first-digits.ts';
export { judge, type Suspicion } from './judge.ts';
export { type History, learnPattern, type Pattern, UNKNOWN } from './pattern.ts';
