import type { Motif } from '../demo/brand.ts';
import type { Palette } from './colors.ts';

/** What rewards are about, each drawn around the middle, within 90 to every side. */
export const motifs: Record<Motif, (palette: Palette) => string> = {
  apple: ({ white, pale, soft, deep }) => `
    <path d="M0-22C-14-36-62-36-62 14c0 38 30 66 48 66 6 0 10-3 14-3s8 3 14 3c18 0 48-28 48-66 0-50-48-50-62-36z" fill="${white}"/>
    <path d="M34-16c14 4 20 20 14 44" fill="none" stroke="${pale}" stroke-width="8" stroke-linecap="round"/>
    <path d="M0-24c0-16 4-28 12-38" fill="none" stroke="${deep}" stroke-width="7" stroke-linecap="round"/>
    <path d="M12-44c8-20 28-26 46-22-4 20-24 30-46 22z" fill="${soft}"/>`,

  bag: ({ white, pale, deep }) => `
    <path d="M-32-30v-16a32 32 0 0 1 64 0v16" fill="none" stroke="${pale}" stroke-width="9" stroke-linecap="round"/>
    <path d="M-60-34H60l10 104a10 10 0 0 1-10 10H-60a10 10 0 0 1-10-10z" fill="${white}"/>
    <path d="M-32-14v-20M32-14v-20" stroke="${deep}" stroke-width="8" stroke-linecap="round"/>
    <path d="M-66 46H66" stroke="${pale}" stroke-width="8"/>`,

  basket: ({ white, pale, soft, deep }) => `
    <circle cx="-26" cy="-20" r="24" fill="${soft}"/><circle cx="22" cy="-24" r="26" fill="${pale}"/>
    <path d="M-2-30c-2-24 6-38 22-48 4 20 0 36-14 48z" fill="${white}"/>
    <path d="M-80-14H80L64 66a12 12 0 0 1-12 10H-52a12 12 0 0 1-12-10z" fill="${white}"/>
    <path d="M-40 6l6 50M0 6v50M40 6l-6 50" stroke="${deep}" stroke-width="6" stroke-linecap="round"/>`,

  bed: ({ white, pale, soft, deep }) => `
    <path d="M-80-50v120M80 20v50" stroke="${white}" stroke-width="12" stroke-linecap="round"/>
    <rect x="-74" y="18" width="148" height="30" rx="6" fill="${white}"/>
    <rect x="-66" y="-8" width="48" height="26" rx="10" fill="${pale}"/>
    <path d="M-10 18v-12a14 14 0 0 1 14-14H58a16 16 0 0 1 16 16v10z" fill="${soft}"/>
    <path d="M44-78a28 28 0 1 0 26 38 24 24 0 0 1-26-38z" fill="${white}"/><path d="M-70 48H74" stroke="${deep}" stroke-width="4"/>`,

  bike: ({ white, pale, deep }) => `
    <g fill="none" stroke-linecap="round" stroke-linejoin="round"><circle cx="-50" cy="34" r="34" stroke="${white}" stroke-width="9"/><circle cx="50" cy="34" r="34" stroke="${white}" stroke-width="9"/>
    <path d="M-50 34l28-54h46L2 34h-52M-22-20L2 34M50 34L20-44h18" stroke="${pale}" stroke-width="9"/>
    <path d="M-38-32h30" stroke="${white}" stroke-width="10"/></g>
    <circle cx="2" cy="34" r="8" fill="${deep}"/>`,

  book: ({ white, pale, deep }) => `
    <path d="M0-48C-24-64-54-66-82-58V58C-54 50-24 52 0 68 24 52 54 50 82 58V-58C54-66 24-64 0-48z" fill="${white}"/>
    <path d="M0-48V66" stroke="${deep}" stroke-width="5"/>
    <path d="M-64-32c16-2 32 0 46 6M-64-6c16-2 32 0 46 6M-64 20c16-2 32 0 46 6M64-32c-16-2-32 0-46 6M64-6c-16-2-32 0-46 6M64 20c-16-2-32 0-46 6" fill="none" stroke="${pale}" stroke-width="7" stroke-linecap="round"/>`,

  calendar: ({ white, pale, soft, deep }) => `
    <rect x="-70" y="-56" width="140" height="130" rx="14" fill="${white}"/>
    <path d="M-70-42a14 14 0 0 1 14-14H56a14 14 0 0 1 14 14v20H-70z" fill="${pale}"/>
    <path d="M-36-72v30M36-72v30" stroke="${deep}" stroke-width="9" stroke-linecap="round"/>
    <path d="M0-12l10 22 24 3-18 16 5 24-21-12-21 12 5-24-18-16 24-3z" fill="${soft}"/>`,

  candle: ({ white, pale, soft, deep }) => `
    <g fill="${white}"><rect x="-66" y="2" width="34" height="72" rx="5"/><rect x="-17" y="-22" width="34" height="96" rx="5"/><rect x="32" y="16" width="34" height="58" rx="5"/></g>
    <path d="M-49 2v-10M0-22v-10M49 16V6" stroke="${deep}" stroke-width="5"/>
    <g fill="${pale}"><path d="M-49-50c14 18 14 40 0 42-14-2-14-24 0-42zM0-76c15 19 15 43 0 45-15-2-15-26 0-45zM49-36c14 18 14 40 0 42-14-2-14-24 0-42z"/></g>
    <path d="M-84 76H84" stroke="${soft}" stroke-width="9" stroke-linecap="round"/>`,

  car: ({ white, pale, deep }) => `
    <path d="M-86 18c0-16 10-24 30-26l22-32a16 16 0 0 1 14-8h38a18 18 0 0 1 14 7l26 33c20 4 30 12 30 30v14a8 8 0 0 1-8 8H-78a8 8 0 0 1-8-8z" fill="${white}"/>
    <path d="M-36-8l14-22a8 8 0 0 1 6-4h10v26zM6-8v-26h12a10 10 0 0 1 8 4L44-8z" fill="${pale}"/>
    <g fill="${deep}" stroke="${white}" stroke-width="7"><circle cx="-46" cy="44" r="20"/><circle cx="48" cy="44" r="20"/></g>`,

  card: ({ white, pale, soft, deep }) => `
    <g transform="rotate(-8)"><rect x="-84" y="-54" width="168" height="108" rx="14" fill="${white}"/>
    <rect x="-84" y="-30" width="168" height="22" fill="${deep}"/>
    <rect x="-66" y="10" width="34" height="26" rx="5" fill="${soft}"/>
    <path d="M-14 30h40" stroke="${pale}" stroke-width="9" stroke-linecap="round"/>
    <circle cx="48" cy="26" r="14" fill="${soft}"/><circle cx="64" cy="26" r="14" fill="${pale}"/></g>`,

  coins: ({ white, pale, soft, deep }) => `
    <g stroke="${deep}" stroke-width="4"><ellipse cx="-34" cy="58" rx="44" ry="16" fill="${pale}"/><ellipse cx="-34" cy="40" rx="44" ry="16" fill="${white}"/><ellipse cx="-34" cy="22" rx="44" ry="16" fill="${pale}"/><ellipse cx="-34" cy="4" rx="44" ry="16" fill="${white}"/></g>
    <circle cx="36" cy="-16" r="48" fill="${white}"/><circle cx="36" cy="-16" r="37" fill="none" stroke="${soft}" stroke-width="6"/>
    <path d="M36-40l7 16 17 2-13 11 4 17-15-9-15 9 4-17-13-11 17-2z" fill="${soft}"/>`,

  cup: ({ white, pale, soft }) => `
    <path d="M52-14h14a22 22 0 0 1 0 44H48" fill="none" stroke="${pale}" stroke-width="11"/>
    <path d="M-62-26H56v44a40 40 0 0 1-40 40h-38a40 40 0 0 1-40-40z" fill="${white}"/>
    <path d="M-76 74H72" stroke="${soft}" stroke-width="10" stroke-linecap="round"/>
    <path d="M-28-44c-10-12 10-18 0-32M0-44c-10-12 10-18 0-32M28-44c-10-12 10-18 0-32" fill="none" stroke="${white}" stroke-width="7" stroke-linecap="round"/>`,

  dish: ({ white, pale, soft, deep }) => `
    <circle r="58" fill="${white}"/><circle r="42" fill="none" stroke="${pale}" stroke-width="5"/>
    <path d="M-30 4c10-22 34-24 50-8l16-12c-2 12-2 20 0 32l-16-12c-16 16-40 16-50 0z" fill="${soft}"/><circle cx="-16" cy="0" r="4" fill="${deep}"/>
    <path d="M-82-56v30m0 0a10 10 0 0 1-10-10v-20m10 30a10 10 0 0 0 10-10v-20m-10 30v84M80 58v-116c12 8 16 36 4 60" fill="none" stroke="${white}" stroke-width="7" stroke-linecap="round"/>`,

  gift: ({ white, pale, soft }) => `
    <rect x="-62" y="-8" width="124" height="84" rx="8" fill="${white}"/>
    <rect x="-74" y="-34" width="148" height="32" rx="8" fill="${pale}"/>
    <path d="M-12-34h24V76h-24z" fill="${soft}"/>
    <path d="M0-36c-12-34-52-40-52-18 0 16 30 20 52 18zm0 0c12-34 52-40 52-18 0 16-30 20-52 18z" fill="none" stroke="${white}" stroke-width="10" stroke-linejoin="round"/>`,

  glass: ({ white, pale, soft }) => `
    <path d="M-44-66H44C44-20 26 8 0 8S-44-20-44-66z" fill="${white}"/>
    <path d="M-40-36h80C36-10 22 0 0 0s-36-10-40-36z" fill="${soft}"/>
    <path d="M0 8v58M-32 72h64" stroke="${white}" stroke-width="9" stroke-linecap="round"/>
    <g fill="${pale}"><circle cx="-12" cy="-18" r="5"/><circle cx="8" cy="-24" r="4"/><circle cx="4" cy="-10" r="4"/></g>
    <path d="M62-70v24M50-58h24M-68-20v18M-77-11h18" stroke="${pale}" stroke-width="6" stroke-linecap="round"/>`,

  key: ({ white, pale, soft, deep }) => `
    <g transform="rotate(-38)"><circle cx="-38" r="38" fill="${white}"/><circle cx="-46" r="13" fill="${deep}"/>
    <path d="M-4-9h86v18H70v18H54V9H44v12H28V9H-4z" fill="${white}"/></g>
    <path d="M-46 44c-4 18 4 30 20 34" fill="none" stroke="${pale}" stroke-width="6" stroke-linecap="round"/>
    <rect x="-24" y="56" width="58" height="28" rx="7" fill="${soft}"/>`,

  leaf: ({ white, pale, soft, deep }) => `
    <path d="M-46 20H46l-9 50a8 8 0 0 1-8 7h-58a8 8 0 0 1-8-7z" fill="${white}"/><rect x="-54" y="10" width="108" height="20" rx="6" fill="${pale}"/>
    <path d="M0 10v-56" stroke="${deep}" stroke-width="6" stroke-linecap="round"/>
    <path d="M0-38c-4-22 4-38 18-46 10 18 4 38-18 46z" fill="${white}"/><path d="M0-4c-30 2-48-12-54-36 28-4 48 8 54 36z" fill="${soft}"/><path d="M0-14c28 0 46-14 52-38-28-4-46 10-52 38z" fill="${white}"/>`,

  loaf: ({ white, pale, soft }) => `
    <path d="M-84 16c0-40 44-54 84-54s84 14 84 54c0 30-10 40-26 40H-58c-16 0-26-10-26-40z" fill="${white}"/>
    <path d="M-46-14c14 4 22 16 22 34M-8-24c14 6 24 20 24 38M34-22c12 8 20 20 20 36" fill="none" stroke="${soft}" stroke-width="10" stroke-linecap="round"/>
    <path d="M-84 64H84" stroke="${pale}" stroke-width="10" stroke-linecap="round"/><path d="M-30-56c-8-10 8-14 0-26M2-60c-8-10 8-14 0-26M34-56c-8-10 8-14 0-26" fill="none" stroke="${white}" stroke-width="6" stroke-linecap="round"/>`,

  percent: ({ white, pale, soft, deep }) => `
    <g transform="rotate(-12)"><path d="M-84-34a14 14 0 0 1 14-14H22a18 18 0 0 1 13 6l44 42-44 42a18 18 0 0 1-13 6H-70a14 14 0 0 1-14-14z" fill="${white}"/>
    <circle cx="50" cy="0" r="10" fill="${deep}"/>
    <path d="M14-28l-56 56" stroke="${soft}" stroke-width="10" stroke-linecap="round"/><g fill="none" stroke="${soft}" stroke-width="9"><circle cx="-42" cy="-18" r="12"/><circle cx="12" cy="18" r="12"/></g></g>
    <path d="M76-66l10-10M86-50h14M62-78v-14" stroke="${pale}" stroke-width="6" stroke-linecap="round"/>`,

  plane: ({ white, pale, soft }) => `
    <path d="M-92 62C-60 20-30 6 0 2" fill="none" stroke="${soft}" stroke-width="7" stroke-dasharray="4 16" stroke-linecap="round"/>
    <g transform="rotate(-24)"><path d="M84-4c0-8-14-13-28-13H18L-14-66h-18l14 49h-30l-16-20h-14l8 33-8 33h14l16-20h30l-14 49h18L18 9h38c14 0 28-5 28-13z" fill="${white}"/>
    <path d="M60-4h-8M44-4h-8M28-4h-8M12-4H4" stroke="${pale}" stroke-width="6" stroke-linecap="round"/></g>`,

  seat: ({ white, pale, soft, deep }) => `
    <path d="M-46-74c14-8 32-4 36 12L8 10h48a16 16 0 0 1 0 32H2c-16 0-24-8-28-22z" fill="${white}"/>
    <rect x="-52" y="-88" width="48" height="28" rx="12" transform="rotate(12-28-74)" fill="${pale}"/>
    <path d="M-22 42v30M46 42v30M-36 74h96" stroke="${soft}" stroke-width="9" stroke-linecap="round"/>
    <path d="M66-16v-56M44-50l22-24 22 24" fill="none" stroke="${white}" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"/><path d="M4-18h40" stroke="${deep}" stroke-width="8" stroke-linecap="round"/>`,

  speech: ({ white, pale, soft, deep }) => `
    <path d="M-84-50a16 16 0 0 1 16-16H24a16 16 0 0 1 16 16V2a16 16 0 0 1-16 16h-50l-28 26V18h-14A16 16 0 0 1-84 2z" fill="${white}"/>
    <path d="M-58-40h72M-58-20h46" stroke="${soft}" stroke-width="9" stroke-linecap="round"/>
    <path d="M56-18h14a14 14 0 0 1 14 14v44a14 14 0 0 1-14 14v22L46 54H0a14 14 0 0 1-14-14v-6h38a28 28 0 0 0 32-30z" fill="${pale}"/><g fill="${deep}"><circle cx="22" cy="44" r="5"/><circle cx="42" cy="44" r="5"/><circle cx="62" cy="44" r="5"/></g>`,

  suitcase: ({ white, pale, soft, deep }) => `
    <path d="M-24-44v-22a10 10 0 0 1 10-10h28a10 10 0 0 1 10 10v22" fill="none" stroke="${pale}" stroke-width="9"/>
    <rect x="-72" y="-44" width="144" height="108" rx="16" fill="${white}"/>
    <path d="M-38-44V64M38-44V64" stroke="${pale}" stroke-width="9"/>
    <circle cy="10" r="20" fill="${soft}"/><path d="M-8 10h16M0 2v16" stroke="${white}" stroke-width="6" stroke-linecap="round"/>
    <path d="M-46 70h.1M46 70h.1" stroke="${deep}" stroke-width="16" stroke-linecap="round"/>`,

  ticket: ({ white, pale, soft, deep }) => `
    <g transform="rotate(-14)"><path d="M-86-46H86v28a18 18 0 0 0 0 36v28H-86V18a18 18 0 0 0 0-36z" fill="${white}"/>
    <path d="M36-38V40" stroke="${pale}" stroke-width="6" stroke-dasharray="2 12" stroke-linecap="round"/>
    <path d="M-34 22V-22l44-8v42" fill="none" stroke="${deep}" stroke-width="7" stroke-linejoin="round"/><g fill="${soft}"><circle cx="-44" cy="22" r="12"/><circle cx="0" cy="14" r="12"/></g></g>`,

  wave: ({ white, pale, soft }) => `
    <circle cx="30" cy="-40" r="30" fill="${pale}"/>
    <g fill="none" stroke-linecap="round" stroke-width="13"><path d="M-84 6c14-18 28-18 42 0s28 18 42 0 28-18 42 0 28 18 42 0" stroke="${white}"/><path d="M-84 38c14-18 28-18 42 0s28 18 42 0 28-18 42 0 28 18 42 0" stroke="${soft}"/><path d="M-84 70c14-18 28-18 42 0s28 18 42 0 28-18 42 0 28 18 42 0" stroke="${white}"/></g>`,
};
