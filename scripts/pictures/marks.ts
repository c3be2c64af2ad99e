import type { Palette } from './colors.ts';

/** The brands' marks, each drawn around the middle, within 80 to every side. */
export const marks: Record<string, (palette: Palette) => string> = {
  // A compass needle that points north.
  AIR: ({ white, soft, deep }) => `
    <circle r="72" fill="none" stroke="${soft}" stroke-width="9"/>
    <path d="M0-84L26 0H-26z" fill="${white}"/><path d="M0 56L-26 0h52z" fill="${soft}"/><circle r="9" fill="${deep}"/>`,

  // An anchor.
  HOTEL: ({ white, soft }) => `
    <g fill="none" stroke="${white}" stroke-width="15" stroke-linecap="round"><circle cy="-52" r="17"/><path d="M0-34V64M-34-10h68"/></g>
    <path d="M-68 16c4 34 30 52 68 52s64-18 68-52" fill="none" stroke="${soft}" stroke-width="15" stroke-linecap="round"/>`,

  // A globe with its meridian.
  CARD: ({ white, soft }) => `
    <circle r="70" fill="none" stroke="${white}" stroke-width="13"/><ellipse rx="30" ry="70" fill="none" stroke="${soft}" stroke-width="11"/>
    <path d="M-62-24H62M-62 24H62" stroke="${soft}" stroke-width="11"/><path d="M0-70V70" stroke="${white}" stroke-width="13"/>`,

  // A shop front with its awning.
  SHOP: ({ white, soft, pale }) => `
    <path d="M-58-6H58v76H-58z" fill="${white}"/><path d="M-34 70V24H4v46zM18 24h26v24H18z" fill="${soft}"/>
    <path d="M-58-68H58l18 50H-76z" fill="${white}"/><g fill="${pale}"><path d="M-35-68h23l-6 50h-28zM12-68h23l11 50H18z"/></g>
    <path d="M-76-18a19 19 0 0 0 38 0 19 19 0 0 0 38 0 19 19 0 0 0 38 0 19 19 0 0 0 38 0z" fill="${soft}"/>`,

  // Two leaves on a stem.
  MARKET: ({ white, soft }) => `
    <path d="M0 76V-6" stroke="${white}" stroke-width="14" stroke-linecap="round"/>
    <path d="M0 4C-52 4-74-26-74-70-26-70 0-44 0 4z" fill="${white}"/><path d="M4 34c44 0 66-24 68-64C32-32 4-8 4 34z" fill="${soft}"/>`,

  // A wheel with the wind behind it.
  RIDE: ({ white, soft }) => `
    <circle cx="22" r="50" fill="none" stroke="${white}" stroke-width="17"/><circle cx="22" r="13" fill="${white}"/>
    <path d="M-84-34h44M-74 0h26M-84 34h44" stroke="${soft}" stroke-width="14" stroke-linecap="round"/>`,
};
