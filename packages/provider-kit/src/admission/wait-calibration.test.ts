import { describe, expect, it } from 'vitest';
import { WaitCalibration } from './wait-calibration.ts';

function calibrated(ratios: readonly number[]): number {
  const calibration = new WaitCalibration();
  for (const ratio of ratios) calibration.note(100, 100 * ratio);
  return calibration.factor;
}

describe('the calibration of waits', () => {
  it.each([
    ['assumes twice the estimate at first', [], 2],
    ['believes estimates that came true', [1, 1, 1, 1], 1],
    ['never believes in less than the estimate', [0.1, 0.2, 0.1], 1],
    ['goes by the long ones', [1, 1, 1, 1, 1, 1, 1, 1, 2.5, 2.5], 2.5],
    ['does not lose its head', [90, 90, 90], 3],
    ['forgets what is long ago', [...Array.from({ length: 64 }, () => 2.5), ...Array.from({ length: 64 }, () => 1.5)], 1.5],
  ])('%s', (_name, ratios, factor) => {
    expect(calibrated(ratios)).toBe(factor);
  });

  it('learns nothing from estimates that were hardly any', () => {
    const calibration = new WaitCalibration();
    calibration.note(0, 5_000);
    calibration.note(99, 5_000);
    calibration.note(Infinity, 5_000);
    expect(calibration.factor).toBe(2);
  });
});
