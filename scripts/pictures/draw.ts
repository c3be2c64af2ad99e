import type { Brand, Reward } from '../demo/brand.ts';
import { Random } from '../demo/random.ts';
import { type Palette, paletteOf } from './colors.ts';
import { marks } from './marks.ts';
import { motifs } from './motifs.ts';

const font = "font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\"";
const lineMax = 24;

/** A reward's picture: what it is about, in its brand's colours, with its name. */
export function rewardPicture(reward: Reward, brand: Brand): string {
  const palette = paletteOf(brand.brandColor);
  const lines = wrap(reward.name);
  const first = 282 - (lines.length - 1) * 30;
  const title = lines
    .map(
      (line, i) =>
        `<text x="28" y="${first + i * 30}" font-size="25" font-weight="700">${line}</text>`,
    )
    .join('');
  return picture(480, 320, `${reward.name}, ${brand.name}`, [
    background(palette, reward.sku),
    `<g transform="translate(240 ${lines.length > 1 ? 116 : 128})">${motifs[reward.picture](palette)}</g>`,
    `<g ${font} fill="#ffffff">${title}<text x="28" y="304" font-size="14" opacity=".75">${brand.name}</text></g>`,
  ]);
}

/** A brand's logo: its mark on its colour. */
export function logo(brand: Brand): string {
  const palette = paletteOf(brand.brandColor);
  return picture(240, 240, brand.name, [
    `<rect width="240" height="240" rx="52" fill="${palette.base}"/>`,
    `<g transform="translate(120 120)">${marks[brand.code]!(palette)}</g>`,
  ]);
}

/** Circles of light, in other places for each reward. */
function background({ base, deep, soft }: Palette, sku: string): string {
  const random = new Random(Buffer.from(sku).reduce((sum, byte) => sum * 31 + byte, 7));
  const circles = [0.16, 0.12, 0.1].map((opacity, i) => {
    const [x, y] = [random.below(480), random.below(220)];
    return `<circle cx="${x}" cy="${y}" r="${70 + 45 * i + random.below(30)}" opacity="${opacity}"/>`;
  });
  return [
    `<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${base}"/><stop offset="1" stop-color="${deep}"/></linearGradient></defs>`,
    `<rect width="480" height="320" fill="url(#g)"/>`,
    `<g fill="${soft}">${circles.join('')}</g>`,
  ].join('');
}

function picture(width: number, height: number, title: string, parts: string[]): string {
  const head = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"`;
  const text = `<svg ${head}><title>${title}</title>${parts.join('')}</svg>`;
  return `${text.replaceAll(/\s*\n\s*/g, '')}\n`;
}

/** In two lines of about the same length, where one is too short. */
function wrap(name: string): string[] {
  if (name.length <= lineMax) return [name];
  const words = name.split(' ');
  const cuts = words.slice(1).map((_, i) => [words.slice(0, i + 1), words.slice(i + 1)] as const);
  const lengths = cuts.map((lines) => Math.max(...lines.map((line) => line.join(' ').length)));
  return cuts[lengths.indexOf(Math.min(...lengths))]!.map((line) => line.join(' '));
}
