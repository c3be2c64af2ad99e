import { type Templates, day, figure } from './formats.ts';

export const english: Templates = {
  'member.enrolled': () => ({
    title: 'Welcome',
    body: 'You are a member now: from today on you collect points at every brand of the coalition.',
  }),
  'reward.redeemed': () => ({
    title: 'Your reward is ready',
    body: 'Thank you for redeeming your points. You find the reward, with its code where it has one, among your redemptions.',
  }),
  'redemption.cancelled': () => ({
    title: 'Your redemption was cancelled',
    body: 'The points are back where they came from.',
  }),
  'household.spent': () => ({
    title: 'Your household spent points',
    body: 'Some of them are yours: your statement tells how many. You decide whether the household may spend your points, and may leave it at any time.',
  }),
  'household.refunded': () => ({
    title: 'Points of the household are back',
    body: 'What it was redeemed for was cancelled: your part of the points is yours again.',
  }),
  'household.left': () => ({
    title: 'You are not in the household any more',
    body: 'Your points stay yours, and nobody else spends them from now on.',
  }),
  'referral.rewarded': () => ({
    title: 'Thank you for bringing members together',
    body: 'You have got points for it. Your statement tells how many.',
  }),
  'tier.changed': () => ({
    title: 'You have another tier',
    body: 'Your tier has changed. Your profile tells which one it is now, until when, and what is missing to the next.',
  }),
  'points.transferred': ({ memberId, toMemberId }) =>
    memberId === toMemberId
      ? {
          title: 'You have got points',
          body: 'Another member has given you points. Your statement tells who, and how many.',
        }
      : {
          title: 'Your points have gone out',
          body: 'You have given points to another member. If it was not you, tell us at once.',
        },
  'transfer.held': () => ({
    title: 'We look at your transfer first',
    body: 'The points are set aside until somebody has looked at it. You need to do nothing.',
  }),
  'transfer.denied': () => ({
    title: 'Your transfer was not carried out',
    body: 'The points are yours again.',
  }),
  'transfer.expired': () => ({
    title: 'Your transfer was not carried out',
    body: 'Nobody decided on it in time. The points are yours again.',
  }),
  'spending.allowed': () => ({
    title: 'You can spend your points now',
    body: 'We have looked at what you wanted to redeem. Please ask for it again.',
  }),
  'spending.denied': () => ({
    title: 'Your points were not spent',
    body: 'We have looked at what you wanted to redeem, and cannot carry it out. Your points are still yours.',
  }),
  'conversion.reversed': () => ({
    title: 'Your points are back',
    body: 'The other program has not taken the points that you converted.',
  }),
  'points.adjusted': () => ({
    title: 'Your points were corrected',
    body: 'Your statement tells by how much.',
  }),
  'claim.granted': () => ({
    title: 'Your missing points are here',
    body: 'What you told us was missing is among your activities now. Your claim leads to it.',
  }),
  'claim.rejected': () => ({
    title: 'Your claim was not granted',
    body: 'Somebody has looked at the points that you miss. Your claim tells why they cannot be given.',
  }),
  'member.suspended': () => ({
    title: 'Your account is suspended',
    body: 'You keep your points, and can neither collect nor spend any for now. Write to us if you do not know why.',
  }),
  'member.reinstated': () => ({
    title: 'Your account is active again',
    body: 'You can collect and spend points as before.',
  }),
  'identifier.linked': () => ({
    title: 'Something new belongs to your account',
    body: 'You are now also known by what was just linked. If it was not you, tell us at once.',
  }),
  'export.ready': () => ({
    title: 'Your data is ready',
    body: 'The document that you asked for, with all that we know of you, can be downloaded from your profile for seven days. If it was not you, tell us at once.',
  }),
  'member.birthday': () => ({
    title: 'Happy birthday',
    body: 'All the best from the brands of the coalition.',
  }),
  'member.anniversary': ({ years }, locale) => ({
    title: 'Thank you',
    body: `You have been a member for ${years === '1' ? 'a year' : `${figure(years, locale)} years`} today.`,
  }),
  'points.expiring': ({ points, currency, on }, locale) => ({
    title: 'Points are about to expire',
    body: `${day(on, locale)} is the last day on which you can spend ${figure(points, locale)} of your points (${currency}).`,
  }),
  'offer.started': () => ({
    title: 'A new offer for you',
    body: 'A brand with which you collect points gives more of them for a while. Look at the offer: some count only once you have activated them.',
  }),
  'balance.monthly': ({ points, currency }, locale) => ({
    title: 'Your points',
    body: `You have ${figure(points, locale)} points to spend (${currency}).`,
  }),
};
