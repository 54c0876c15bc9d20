import { text, type Text } from './text.ts';

/** `45 s`, `12 min`, `3 h 10 min`: as long as one would say it. */
export function durationText(seconds: number): Text {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 90) return text(`${whole} s`, `${whole} 秒`);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return text(`${minutes} min`, `${minutes} 分钟`);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return text(`${hours} h ${rest} min`, `${hours} 小时 ${rest} 分钟`);
}
