const errors = 'userErrors { code path details { available required subject } }';
/** What a brand, its members and staff ask the gateway to do. */
export const operations = {
  invite: `mutation ($input: InvitePartnerInput!) { invitePartner(input: $input) { partner { id status } ${errors} } }`,
  currency: `mutation ($input: CurrencyInput!) { saveCurrency(input: $input) { program { id } ${errors} } }`,
  sign: `mutation ($id: ID!, $input: ContractInput!) { signContract(partnerId: $id, input: $input) { partner { status } ${errors} } }`,
  sell: `mutation ($input: SellPointsInput!) { sellPoints(input: $input) { partner { credit { prepaidPoints } } ${errors} } }`,
  draft: `mutation ($id: ID!, $rules: [EarnRuleInput!]!) { draftRuleSet(partnerId: $id, rules: $rules) { ruleSet { id } ${errors} } }`,
  publish: `mutation ($id: ID!) { publishRuleSet(id: $id) { ruleSet { status } ${errors} } }`,
  client: `mutation ($input: ApiClientInput!) { createApiClient(input: $input) { client { clientId } clientSecret ${errors} } }`,
  webhook: `mutation ($input: WebhookInput!) { registerWebhook(input: $input) { webhook { id } secret ${errors} } }`,
  call: `mutation ($id: ID!) { testWebhook(id: $id) { webhook { id } ${errors} } }`,
  trial: `mutation { createSandboxMember(displayName: "Trial", points: 10) { member { id } ${errors} } }`,
  hold: `mutation ($input: HoldPointsInput!) { holdPoints(input: $input) { hold { id } ${errors} } }`,
  capture: `mutation ($input: CaptureHoldInput!) { captureHold(input: $input) { hold { status } ${errors} } }`,
  activate: `mutation ($id: ID!) { activatePartner(id: $id) { partner { status } ${errors} } }`,
  enrol: `mutation ($input: EnrolInput!) { enrol(input: $input) { verificationId ${errors} } }`,
  verify: `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { member { id } ${errors} } }`,
  consent: `mutation ($id: ID!, $scopes: [ConsentScope!]!) { grantConsent(partnerId: $id, scopes: $scopes) { member { id } ${errors} } }`,
  record: `mutation ($input: ActivityInput!) { recordActivity(input: $input) { activity { status points } ${errors} } }`,
  confirm: `mutation ($reference: String!) { confirmActivity(reference: $reference) { activity { status points } ${errors} } }`,
  refund: `mutation ($input: RefundActivityInput!) { refundActivity(input: $input) { activity { status points } ${errors} } }`,
  offer: `mutation ($input: OfferInput!) { createOffer(input: $input) { offer { id } ${errors} } }`,
  publishOffer: `mutation ($id: ID!) { publishOffer(id: $id) { offer { status } ${errors} } }`,
  optIn: `mutation ($id: ID!) { activateOffer(id: $id) { offer { activated } ${errors} } }`,
  claim: `mutation ($input: ClaimInput!) { claimMissingPoints(input: $input) { claim { id status } ${errors} } }`,
  decide: `mutation ($id: ID!) { decideClaim(id: $id, grant: true, reason: "The till was offline.") {
    claim { status activity { points reference } } ${errors} } }`,
  exchange: `mutation ($input: ConvertPointsInput!) { convertPoints(input: $input) { conversion { status } ${errors} } }`,
  reward: `mutation ($input: RewardInput!) { createReward(input: $input) { reward { id } ${errors} } }`,
  publishReward: `mutation ($id: ID!) { publishReward(id: $id) { reward { status } ${errors} } }`,
  redeem: `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) { redemption { points } ${errors} } }`,
  close: `mutation ($month: Date!) { closeSettlementMonth(month: $month) { statements { id partner { code } } ${errors} } }`,
  pay: `mutation ($id: ID!) { markStatementPaid(id: $id, paymentReference: "SEPA-1") {
    statements { status due { amount } } ${errors} } }`,
};

/** What they read. */
export const queries = {
  onboarding: `query ($id: ID!) { partner(id: $id) { status
  onboarding { readyForLive steps { code done } } } }`,
  balance: `{ me { balance { available pending byIssuer { issuer { code } points } } } }`,
  statement: `{ myPartner { settlementStatements(first: 2) { nodes { id status dueOn csvUrl
  issuedPoints reversedPoints redeemedPoints issuance { amount } fees { amount } adjustments { amount }
  reimbursement { amount } net { amount } due { amount } } } } }`,
  profile: `query ($id: ID!) { partner(id: $id) {
  code kind
  details {
    ... on AirlineDetails { iataCode alliance earnChart { cabin bookingClasses rate } }
    ... on HotelDetails { chainCode properties excludedRatePlans }
    ... on CardIssuerDetails { cardProducts { code name baseRate categories { name mcc rate } } }
    ... on RetailerDetails { productCategories stores }
    ... on MobilityDetails { services }
  }
  conversions {
    fromCurrency toCurrency fromPoints toUnits minimumPoints bonusEvery bonusUnits dailyLimit yearlyLimit
    confirmHours validFrom validTo
  }
} }`,
  credit: `{ myPartner { credit { owed { amount } limit { amount } prepaidPoints
  blocks { id validFrom bought remaining price { amount currency } } } } }`,
  issuance: `query ($period: PeriodInput!) { program { id issuance(period: $period) {
  points byPartner { partner { code } points activities } crossPartnerRate } } }`,
  position: `query ($month: Date!) { program { settlement(month: $month) {
  closed net { amount currency } statements { nodes { partner { code } } } } } }`,
};
