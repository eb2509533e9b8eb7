/** A quarter of the calendar, days as `YYYY-MM-DD`: from `first` up to and without `end`. */
export interface Quarter {
  /** `2026Q3`. */
  id: string;
  first: string;
  end: string;
}

const PATTERN = /^(\d{4})Q([1-4])$/;

/** Throws RangeError for anything but `2026Q3`. */
export function quarterOf(id: string): Quarter {
  const found = PATTERN.exec(id);
  if (!found) throw new RangeError(`not a quarter: ${id}`);
  const [year, quarter] = [Number(found[1]), Number(found[2])];
  const day = (y: number, month: number) => `${y}-${String(month).padStart(2, '0')}-01`;
  return {
    id,
    first: day(year, quarter * 3 - 2),
    end: quarter === 4 ? day(year + 1, 1) : day(year, quarter * 3 + 1),
  };
}

/** The quarter a day lies in. @param day `YYYY-MM-DD` */
export function quarterOfDay(day: string): Quarter {
  const [year = '', month = '1'] = day.split('-');
  return quarterOf(`${year}Q${Math.ceil(Number(month) / 3)}`);
}

/** The one before. */
export function quarterBefore({ id }: Quarter): Quarter {
  const [year = 0, quarter = 1] = id.split('Q').map(Number);
  return quarterOf(quarter === 1 ? `${year - 1}Q4` : `${year}Q${quarter - 1}`);
}
