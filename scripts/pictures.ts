/** Draws pictures/: the brands' logos, and a picture of each of their rewards. */
import { brands } from './demo/brands.ts';
import { writeGenerated } from './generated.ts';
import { logo, rewardPicture } from './pictures/draw.ts';

for (const brand of brands) {
  await writeGenerated(`pictures/${brand.code}.svg`, logo(brand));
  for (const reward of brand.rewards) {
    await writeGenerated(`pictures/${reward.sku}.svg`, rewardPicture(reward, brand));
  }
}
