/** Is the day on which it should be done over? */
export const isLate = (endsAt: string | null): boolean => endsAt !== null && Date.parse(endsAt) < Date.now();
