import { air } from './brands/air.ts';
import { card } from './brands/card.ts';
import { hotel } from './brands/hotel.ts';
import { market } from './brands/market.ts';
import { ride } from './brands/ride.ts';
import { shop } from './brands/shop.ts';

/** The demo's brands. None of them is real. */
export const brands = [air, hotel, card, shop, market, ride];
