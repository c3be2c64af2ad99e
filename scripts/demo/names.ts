/** Names to be put together: places and plants that sound like people. Nobody in particular. */
export const founders = [
  'Ada',
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Donald',
  'Frances',
  'John',
  'Katherine',
  'Dennis',
  'Hedy',
  'Claude',
  'Radia',
  'Ken',
  'Margaret',
  'Niklaus',
  'Sophie',
  'Tim',
  'Shafi',
  'Leslie',
];

interface Names {
  /** BCP 47. */
  locale: string;
  /** How many of a hundred members. */
  share: number;
  first: string[];
  last: string[];
}

export const names: Names[] = [
  {
    locale: 'de-DE',
    share: 38,
    first: words('Anneke Bruno Clara Elif Falk Greta Henrik Ida Jonas Lale Mattis Nele Ole Paula'),
    last: words(
      'Birkhoop Dornsiefen Erlenpfad Haselbrink Kornwiese Lindgarten Moosbrunn Tannenried',
    ),
  },
  {
    locale: 'en-GB',
    share: 24,
    first: words('Amira Callum Della Edwin Fern Harriet Idris Maeve Nadia Owen Priya Rowan Tessa'),
    last: words('Applewick Brackenshaw Cloverdene Fernhollow Marlowick Pennistone Thornbeck'),
  },
  {
    locale: 'fr-FR',
    share: 14,
    first: words('Agathe Basile Coralie Émile Fanny Gaspard Inès Lucie Maël Noé Romane Théo'),
    last: words('Beauruisseau Clairvigne Montfougère Rochelande Valbrune Vertpré'),
  },
  {
    locale: 'nl-NL',
    share: 10,
    first: words('Bram Daan Femke Joris Lotte Maartje Pim Sanne Wessel'),
    last: words('Duinveld Elzenkamp Lindewater Oosterheide Zilverberk'),
  },
  {
    locale: 'es-ES',
    share: 8,
    first: words('Álvaro Candela Elvira Iker Jimena Lola Nuño Rocío Xavier'),
    last: words('Montearroyo Riosereno Valdecampo Zarzaverde'),
  },
  {
    locale: 'da-DK',
    share: 6,
    first: words('Asger Birgitte Frida Jeppe Malthe Signe Tobias Ylva'),
    last: words('Bøgelund-Ask Havrekær Pilekrog Strandbirk'),
  },
];

function words(text: string): string[] {
  return text.split(' ');
}
