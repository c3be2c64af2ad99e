/** What members think of a reward or a brand. */
export interface ReviewText {
  rating: 1 | 2 | 3 | 4 | 5;
  title?: string;
  body: string;
}

/** By a reward's SKU, written by those who redeemed it. */
export const rewardReviews: Record<string, ReviewText[]> = {
  'HOTEL-BREAKFAST': [
    { rating: 5, title: 'Worth the detour', body: 'Warm rolls, good eggs, nobody hurried us.' },
    { rating: 4, body: 'Very good, but come before ten. Later there is a queue for the coffee.' },
    { rating: 5, title: 'Better than ours at home', body: 'We stayed for two hours.' },
    { rating: 3, body: 'Fine for 400 points. The juice came from a carton.' },
  ],
  'HOTEL-LATE': [
    { rating: 5, title: 'Four more hours', body: 'The best 300 points that I ever spent.' },
    { rating: 4, body: 'Worked without a word. The cleaner knocked once all the same.' },
    {
      rating: 2,
      body: 'I asked in the morning, and was told that it has to be the evening before.',
    },
  ],
  'HOTEL-NIGHT': [
    {
      rating: 5,
      title: 'Fog horns at night',
      body: 'A small room, a large window. We will be back.',
    },
  ],
  'HOTEL-SPA': [
    { rating: 4, body: 'The sauna looks on the water. Bring your own flip-flops.' },
    { rating: 3, title: 'Too full on Saturday', body: 'Lovely place, but sixty people wanted it.' },
  ],
  'AIR-LOUNGE': [
    {
      rating: 4,
      title: 'A shower between flights',
      body: 'Clean, and fresh towels. Soup was good.',
    },
    { rating: 2, body: 'No seat for half an hour. They should count how many they let in.' },
    { rating: 5, body: 'Quiet, with a view of the runway. Almost missed my flight.' },
  ],
  'AIR-SEAT': [
    { rating: 5, title: 'My knees say thanks', body: 'Exit row, 1.94 m, no complaints.' },
    { rating: 3, body: 'More room, true. It is also the row that gets cold.' },
  ],
  'AIR-BAG': [
    { rating: 4, body: 'Booked in a minute. Ski boots there, cheese back.' },
    { rating: 5, body: 'The same bag costs 45 euros at the counter. Easy sum.' },
  ],
  'CARD-TALK': [
    {
      rating: 5,
      title: 'She sold nothing',
      body: 'An hour, a pencil, and a plan that I understood.',
    },
    {
      rating: 4,
      body: 'Good talk by video. The link came late, the adviser stayed longer for it.',
    },
  ],
  'CARD-PRESALE': [
    { rating: 3, body: 'I got tickets, in row 30. Two days early seems to be what everybody has.' },
    { rating: 5, title: 'Front row', body: 'Second try, front row, my sister cried.' },
  ],
  'CARD-CREDIT-10': [
    { rating: 4, body: 'On the statement four days later, just as it says.' },
    {
      rating: 3,
      title: 'Honest, but dull',
      body: 'It is ten euros. Nights and flights give you more.',
    },
  ],
  'SHOP-BAG': [
    { rating: 5, title: 'Two years old', body: 'Holds two crates of bottles and has no hole yet.' },
    { rating: 4, body: 'Sturdy. I wish that it had a pocket inside for keys.' },
    { rating: 5, body: 'My third. The others were taken by my children.' },
    { rating: 2, body: 'Mine smelled of paint, and went on to do so after washing.' },
  ],
  'SHOP-ADVENT': [
    { rating: 4, body: 'The wooden stars were gone in a day last year. Not this time.' },
    {
      rating: 1,
      title: 'Why the rush',
      body: 'The e-mail came on the day on which all could buy.',
    },
  ],
  'SHOP-CANDLES': [
    {
      rating: 5,
      title: 'The smell of it',
      body: 'Honey, but quiet. Nine hours is true, I counted.',
    },
    { rating: 4, body: 'Lovely, one came broken. They sent three new ones.' },
  ],
  'SHOP-MUG': [
    { rating: 5, body: 'Heavy, warm, and the oatmeal one is really oatmeal.' },
    {
      rating: 3,
      title: 'Not for the dishwasher',
      body: 'Nice, but nobody tells you until the box.',
    },
  ],
  'SHOP-15-OFF': [
    { rating: 4, body: 'Took it together with the sale. It worked, to my surprise.' },
    { rating: 5, body: 'Used it for all our wedding presents to others. One basket, one code.' },
  ],
  'MARKET-BREAD': [
    { rating: 5, title: 'Before nine!', body: 'Still warm. Half of it did not reach our kitchen.' },
    { rating: 4, body: 'Good crust. On Saturdays you wait.' },
    { rating: 5, body: 'My grandmother asked who baked it. That is a prize.' },
  ],
  'MARKET-5-OFF': [
    { rating: 4, body: 'Simple, quick, taken off at the till.' },
    { rating: 3, body: 'From 20 euros only, so read the small print, as I did not.' },
  ],
  'MARKET-HERBS': [
    { rating: 2, title: 'Thyme lived', body: 'The other two did not. It may have been me.' },
    { rating: 4, body: 'Clay pots are pretty, and the chives grow faster than we eat.' },
  ],
  'MARKET-BOX': [
    { rating: 5, title: 'Kohlrabi, who knew', body: 'We cook things now that we could not name.' },
  ],
  'RIDE-5-OFF': [
    { rating: 4, body: 'Comes off by itself at the next ride.' },
    { rating: 2, body: 'Not for the shared rides, and nobody says so beforehand.' },
  ],
  'RIDE-COMFORT': [
    { rating: 4, title: 'Room for a cello', body: 'Three rides to rehearsal, cello and all.' },
    { rating: 3, body: 'Larger, yes. The wait was larger too.' },
  ],
  'RIDE-BIKE-DAY': [
    { rating: 5, body: 'Forty kilometres along the river and home before the rain.' },
    { rating: 4, title: 'Good brakes', body: 'Check the saddle height before you set off.' },
  ],
};

/** By a brand's code, written by those who buy there. */
export const brandReviews: Record<string, ReviewText[]> = {
  AIR: [
    {
      rating: 4,
      title: 'On time, mostly',
      body: 'Nine flights this year, one late. Friendly on all.',
    },
    { rating: 2, body: 'The app forgot my seat twice. On board everything was good.' },
    { rating: 5, body: 'They found my hat. In Oslo. And sent it.' },
  ],
  HOTEL: [
    { rating: 5, title: 'Every house is different', body: 'We have been to seven of the 24.' },
    { rating: 4, body: 'Quiet rooms, real keys. Breakfast could begin earlier on Sundays.' },
    { rating: 3, body: 'The one in the old customs house needs new windows.' },
  ],
  CARD: [
    { rating: 4, body: 'The app shows where it goes, which is not always nice to see.' },
    {
      rating: 1,
      title: 'Forty minutes',
      body: 'That is how long I waited on the telephone. Twice.',
    },
    { rating: 5, body: 'No fee, no letters, and points every other week.' },
  ],
  SHOP: [
    { rating: 5, title: 'Small and kind', body: 'A handwritten card in each parcel.' },
    { rating: 4, body: 'Nice things, well packed. From Britain it takes a week.' },
    { rating: 3, body: 'I wish they would say what is in stock.' },
  ],
  MARKET: [
    { rating: 5, body: 'Carrots with earth on them. My children believe in carrots now.' },
    {
      rating: 4,
      title: 'Go on Monday',
      body: 'Triple points, and the cheese man has time to talk.',
    },
    { rating: 3, body: 'Good but dear. The tomatoes in winter are an honest no.' },
    { rating: 5, body: 'I know the baker’s name. When did that last happen?' },
  ],
  RIDE: [
    { rating: 4, body: 'Always there in five minutes, in the rain in ten.' },
    { rating: 5, title: 'Sold our car', body: 'A year without one. We have not missed it.' },
    { rating: 2, body: 'The bicycles at the station are often gone by eight.' },
  ],
};
