export {
  nextTurnOf,
  type Phase,
  type Reading,
  readClock,
  SERVICE_STATES,
  type ServiceState,
  stateOf,
  type Turn,
  worstOf,
} from './clock.ts';
