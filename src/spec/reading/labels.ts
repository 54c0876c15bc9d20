/**
 * When two labels are one, in a spec and in data alike. Labels are text as it is written: "01" is not "1", and an id of twenty digits
 * keeps all of them. Two spellings are one label only where a whole number differs by a fraction of zeros: "1.0" is "1", since
 * tables with gaps are saved like that.
 */

const wholeNumber = /^(-?)(0|[1-9]\d*)(?:\.0+)?$/;

/** A label as it is compared. Nothing is converted to a number, so that nothing is rounded. */
export function canonicalLabel(label: string | number | boolean): string {
  const text = labelText(label);
  const whole = wholeNumber.exec(text);
  if (whole === null) return text;
  const [, sign = '', digits = ''] = whole;
  return digits === '0' ? digits : sign + digits;
}

/** A label as it is shown: trimmed, in Unicode's composed form (NFC). */
export function labelText(label: string | number | boolean): string {
  return String(label).trim().normalize('NFC');
}
