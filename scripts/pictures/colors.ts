/** A brand's colour and what goes with it, each as `#rrggbb`. */
export interface Palette {
  deep: string;
  base: string;
  soft: string;
  pale: string;
  white: string;
}

export function paletteOf(base: string): Palette {
  return {
    deep: mix(base, '#0b0f1a', 0.45),
    base,
    soft: mix(base, '#ffffff', 0.45),
    pale: mix(base, '#ffffff', 0.78),
    white: '#ffffff',
  };
}

/** So much of the other colour in the first: 0 to 1. */
function mix(color: string, other: string, share: number): string {
  const channels = channelsOf(color).map((channel, i) =>
    Math.round(channel * (1 - share) + channelsOf(other)[i]! * share),
  );
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}
