const tens: bigint[] = [1n];

function tenTo(power: number): bigint {
  for (let next = tens.length; next <= power; next++) tens.push(tens[next - 1]! * 10n);
  return tens[power]!;
}

/**
 * An exact decimal of any length: digits x 10^-scale. For every activity a rule set counts with some
 * dozens; big.js, which keeps digits in lists, makes that take twice as long.
 */
export class Exact {
  readonly digits: bigint;
  readonly scale: number;

  private constructor(digits: bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }

  /** @param value a whole number, or a decimal as `Decimal` in the contract, without an exponent */
  static of(value: string | number | bigint): Exact {
    if (typeof value !== 'string') return new Exact(BigInt(value), 0);
    const point = value.indexOf('.');
    if (point < 0) return new Exact(BigInt(value), 0);
    const digits = value.slice(0, point) + value.slice(point + 1);
    return new Exact(BigInt(digits), value.length - point - 1);
  }

  get sign(): -1 | 0 | 1 {
    if (this.digits === 0n) return 0;
    return this.digits < 0n ? -1 : 1;
  }

  plus(other: Exact): Exact {
    const scale = Math.max(this.scale, other.scale);
    return new Exact(this.digitsAt(scale) + other.digitsAt(scale), scale);
  }

  minus(other: Exact): Exact {
    const scale = Math.max(this.scale, other.scale);
    return new Exact(this.digitsAt(scale) - other.digitsAt(scale), scale);
  }

  times(other: Exact): Exact {
    return new Exact(this.digits * other.digits, this.scale + other.scale);
  }

  /** Divided, with so many decimals; what is behind them is cut off. */
  over(divisor: Exact, decimals = 0): Exact {
    const scale = Math.max(this.scale, divisor.scale);
    return new Exact((this.digitsAt(scale) * tenTo(decimals)) / divisor.digitsAt(scale), decimals);
  }

  /** Without zeros at its end. */
  toString(): string {
    if (this.scale === 0) return String(this.digits);
    const text = String(this.digits < 0n ? -this.digits : this.digits).padStart(
      this.scale + 1,
      '0',
    );
    const decimals = text.slice(-this.scale).replace(/0+$/, '');
    const whole = text.slice(0, -this.scale);
    return `${this.digits < 0n ? '-' : ''}${whole}${decimals && `.${decimals}`}`;
  }

  private digitsAt(scale: number): bigint {
    return scale === this.scale ? this.digits : this.digits * tenTo(scale - this.scale);
  }
}

export const none = Exact.of(0);
export const one = Exact.of(1);
