/** What members tell one another. */
export interface PostText {
  kind: 'TIP' | 'QUESTION' | 'STORY';
  title: string;
  body: string;
  topics: string[];
  /** A reward's SKU or a brand's code. */
  about?: string;
}

/** Oldest first; the last one is Ada's. */
export const posts: PostText[] = [
  {
    kind: 'QUESTION',
    title: 'Do points from the shop count at the airline?',
    body: 'New here. I buy presents at the Corner Shop and fly twice a year. Is that one balance or two?',
    topics: ['points', 'beginners'],
  },
  {
    kind: 'TIP',
    title: 'One balance, every brand',
    body: 'For all who ask: it is one balance. Where you earned the points is kept, but you can spend them anywhere.',
    topics: ['points', 'beginners'],
  },
  {
    kind: 'TIP',
    title: 'Mondays at the Green Market',
    body: 'Triple points on Mondays, so we do the big shop on Monday evening. The bread is gone by then, though.',
    topics: ['food', 'points'],
    about: 'MARKET',
  },
  {
    kind: 'STORY',
    title: 'A year of commuting, one night at the sea',
    body: 'I take a Swift car to the station every morning between seven and nine. Last weekend that was a night at the Harbour in Warnemünde, for nothing but points. It rained. It was still lovely.',
    topics: ['rides', 'hotels', 'weekend'],
    about: 'HOTEL-NIGHT',
  },
  {
    kind: 'QUESTION',
    title: 'Which lounge has showers?',
    body: 'Six hours between flights, with a small child. Does the visit for points include the shower, and is a child free?',
    topics: ['flights', 'family'],
    about: 'AIR-LOUNGE',
  },
  {
    kind: 'TIP',
    title: 'Sunday nights are double',
    body: 'If you can, let the stay begin on a Sunday: double points at Harbour Hotels, and the rooms are cheaper as well.',
    topics: ['hotels', 'points'],
    about: 'HOTEL',
  },
  {
    kind: 'TIP',
    title: 'Collect small things into one basket',
    body: 'From 100 pounds on the Corner Shop gives double. I keep a list from September and order once.',
    topics: ['presents', 'points'],
    about: 'SHOP',
  },
  {
    kind: 'STORY',
    title: 'The cherry wood card',
    body: 'The man at the petrol station turned it over three times and then asked whether it was real. It paid for the petrol, so yes.',
    topics: ['money'],
    about: 'CARD-WOOD',
  },
  {
    kind: 'QUESTION',
    title: 'How long until points show up?',
    body: 'I bought vegetables on Saturday and see nothing yet. Should I worry?',
    topics: ['points', 'beginners'],
    about: 'MARKET',
  },
  {
    kind: 'TIP',
    title: 'They come every other Monday',
    body: 'Shops and rides report every other Monday, hotels and the airline every fourth. Mine have never been missing, only late.',
    topics: ['points'],
  },
  {
    kind: 'STORY',
    title: 'Apples, wasps, and a full boot',
    body: 'Four of us in the orchard for an afternoon. The children counted 214 apples, and one wasp sting. We have made sauce ever since.',
    topics: ['family', 'food'],
    about: 'MARKET-APPLES',
  },
  {
    kind: 'TIP',
    title: 'Pay for the flight with the card',
    body: 'You get points from Northern Air for the fare and from Meridian for paying it. Nothing to set up, both just arrive.',
    topics: ['flights', 'money', 'points'],
    about: 'CARD',
  },
  {
    kind: 'QUESTION',
    title: 'Vegetarian in the harbour kitchen?',
    body: 'The supper says “what the boats bring”. My wife eats no fish. Has anybody tried?',
    topics: ['food', 'hotels'],
    about: 'HOTEL-DINNER',
  },
  {
    kind: 'STORY',
    title: 'We asked, they cooked',
    body: 'For the one who asked about vegetarians: we called in the morning, and she got three courses of her own. The beetroot was better than my fish.',
    topics: ['food', 'hotels'],
    about: 'HOTEL-DINNER',
  },
  {
    kind: 'TIP',
    title: 'The cargo bike moves a flat',
    body: 'A weekend of cargo bike took my whole flat across the river: nine trips, no van, no parking. Book it by Wednesday, they are few.',
    topics: ['city', 'weekend'],
    about: 'RIDE-CARGO',
  },
  {
    kind: 'QUESTION',
    title: 'Is the statement credit worth it?',
    body: 'Ten euros for 1,150 points or a weekend night for 3,000? I cannot do the sum in a way that the bank wins.',
    topics: ['money', 'points'],
    about: 'CARD-CREDIT-10',
  },
  {
    kind: 'TIP',
    title: 'Late check-out is the cheapest luxury',
    body: '300 points for four more hours in bed. Tell them the evening before, in the morning it is too late.',
    topics: ['hotels', 'weekend'],
    about: 'HOTEL-LATE',
  },
  {
    kind: 'STORY',
    title: 'Under a wing in felt slippers',
    body: 'An evening in the hangar: felt slippers, soup, and an engineer who loves landing gear more than most people love anything. My daughter now wants to be her.',
    topics: ['flights', 'family', 'events'],
    about: 'AIR-HANGAR',
  },
  {
    kind: 'TIP',
    title: 'Fly from Tuesday to Thursday',
    body: 'A quarter more points, half-empty rows, and the coffee is hot. If only offices knew.',
    topics: ['flights', 'points'],
    about: 'AIR',
  },
  {
    kind: 'QUESTION',
    title: 'Can I give points to my mother?',
    body: 'She never travels and I always run short. Is there a way to move points between two members?',
    topics: ['points', 'family'],
  },
  {
    kind: 'STORY',
    title: 'Forty-eight thousand',
    body: 'Two years of groceries, one bathroom and a lot of train coffee on the card. In May we fly to Montréal. I have printed the confirmation and hung it in the kitchen.',
    topics: ['flights', 'travel'],
    about: 'AIR-ATLANTIC',
  },
  {
    kind: 'TIP',
    title: 'Herbs survive if you do less',
    body: 'The basil from the Green Market died twice. The third I watered from below, once a week. It is a bush now.',
    topics: ['food', 'home'],
    about: 'MARKET-HERBS',
  },
  {
    kind: 'STORY',
    title: 'The streets at midnight',
    body: 'Twelve strangers on bicycles, no cars, and a baker who opened his back door for us. I live here since 1998 and saw three streets for the first time.',
    topics: ['city', 'events'],
    about: 'RIDE-NIGHT',
  },
  {
    kind: 'QUESTION',
    title: 'Presents under 700 points?',
    body: 'My nephew turns twelve. Candles will not do. What have you given?',
    topics: ['presents', 'family'],
    about: 'SHOP',
  },
  {
    kind: 'TIP',
    title: 'Wrap it for a year',
    body: 'I have not bought paper or tape since March. Their handwriting is also better than mine, and nobody has noticed yet.',
    topics: ['presents'],
    about: 'SHOP-WRAP',
  },
  {
    kind: 'STORY',
    title: 'A mug with a thumbprint',
    body: 'In the glaze of mine, near the handle, there is a thumbprint. I fit my own into it each morning. Silly, I know.',
    topics: ['home', 'presents'],
    about: 'SHOP-MUG',
  },
  {
    kind: 'QUESTION',
    title: 'Does the airport ride wait?',
    body: 'If the flight is early and I am slow, does the driver wait, and who pays for the minutes?',
    topics: ['rides', 'travel'],
    about: 'RIDE-AIRPORT',
  },
  {
    kind: 'TIP',
    title: 'Breakfast for shop points',
    body: 'A few purchases at the shop paid for breakfast at the hotel. Book it the evening before.',
    topics: ['hotels', 'food'],
    about: 'HOTEL-BREAKFAST',
  },
];
