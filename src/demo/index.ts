export { createDemo, DEMO_COLUMNS, type Demo, type DemoCell, type DemoOptions } from './customers.ts';
export { type StoryCustomer, type Told, tellStory } from './story.ts';
