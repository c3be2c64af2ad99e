import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn } from '../../../platform/database.ts';

/** What money is worth in other money on a day. Written once: what is said later of the day is another row. */
@Entity({ schema: 'partners' })
@Unique(['toCurrency', 'fromCurrency', 'day', 'version'])
@Check('exchange_rate_from_currency_ck', `"from_currency" ~ '^[A-Z]{3}$'`)
@Check('exchange_rate_to_currency_ck', `"to_currency" ~ '^[A-Z]{3}$'`)
@Check('exchange_rate_currencies_ck', '"from_currency" <> "to_currency"')
@Check('exchange_rate_rate_ck', '"rate" > 0')
export class ExchangeRate {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) fromCurrency!: string;
  @Column({ type: 'text' }) toCurrency!: string;
  @Column({ type: 'date' }) day!: string;
  /** Counts what was said of this day from 1: the last one counts. */
  @Column({ type: 'integer' }) version!: number;
  /** So much of the one is worth one of the other: an exact decimal. */
  @Column(decimalColumn) rate!: string;
  @Column(instantColumn) setAt!: Date;
}
