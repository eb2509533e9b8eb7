/** The one source of "now" for the edges; everything inside takes the moment as an argument. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
