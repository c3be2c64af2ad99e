import { randomUUID } from 'node:crypto';
import type { Viewer } from '../../../platform/viewer.ts';
import { Partner } from '../../../subgraphs/partners/entities.ts';
import { type UpdatePartner, updatePartner } from '../../../subgraphs/partners/partners.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenInvited, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('updatePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const stored = (id: string) => db().findOneByOrFail(Partner, { id });

  function update(id: string, changes: Omit<UpdatePartner, 'id'>, viewer: Viewer = adminViewer()) {
    return updatePartner(db(), { id, ...changes }, { viewer });
  }

  const all = {
    name: ' Harbour Line ',
    description: 'Flies.',
    website: 'https://line.example',
    brandColor: '#1A2b3C',
    logoUrl: 'http://localhost:4000/pictures/line.svg',
    airline: { iataCode: 'HL', alliance: 'Sky Union' },
  };
  const written = {
    name: 'Harbour Line',
    description: 'Flies.',
    website: 'https://line.example',
    brandColor: '#1a2b3c',
    logoUrl: 'http://localhost:4000/pictures/line.svg',
    details: { kind: 'AIRLINE', iataCode: 'HL', alliance: 'Sky Union', earnChart: [] },
  };

  it('changes what is given, leaves what is not, and clears what is null', async () => {
    const id = await givenInvited(test, { kind: 'AIRLINE' });
    const other = await stored(await givenInvited(test, { kind: 'AIRLINE' }));
    const { code, kind, status, contactEmail } = await stored(id);

    expect(await update(id, all)).toMatchObject(written);
    expect(await stored(id)).toMatchObject({ ...written, code, kind, status, contactEmail });
    await update(id, {});
    expect(await stored(id)).toMatchObject(written);
    await update(id, { website: null, airline: { iataCode: 'H2' } });
    const details = { kind: 'AIRLINE', iataCode: 'H2', alliance: null, earnChart: [] };
    expect(await stored(id)).toMatchObject({ ...written, website: null, details });
    await update(id, { description: null, brandColor: null, logoUrl: null, airline: null });

    const bare = { description: null, website: null, brandColor: null, logoUrl: null };
    expect(await stored(id)).toMatchObject({ ...bare, name: 'Harbour Line', details: null });
    expect(await stored(other.id)).toEqual(other);
  });

  it('gives the same answer again', async () => {
    const id = await givenInvited(test, { kind: 'AIRLINE' });

    expect(await update(id, all)).toEqual(await update(id, all));
  });

  it.each<[string[], Omit<UpdatePartner, 'id'>]>([
    [['name'], { name: null }],
    [['name'], { name: ' ' }],
    [['description'], { description: 'x'.repeat(2_001) }],
    [['website'], { website: 'javascript:alert(1)' }],
    [['brandColor'], { brandColor: '#12345' }],
    [['brandColor'], { brandColor: '123456' }],
    [['brandColor'], { brandColor: 'red' }],
    [['logoUrl'], { logoUrl: 'data:image/svg+xml,<svg/>' }],
    [['logoUrl'], { logoUrl: '/logo.svg' }],
    [['hotel'], { hotel: {} }],
    [['airline', 'iataCode'], { airline: { iataCode: 'sk' } }],
  ])('refuses %j, and changes nothing', async (path, fault) => {
    const id = await givenInvited(test, { kind: 'AIRLINE' });
    await update(id, all);

    await expect(update(id, { description: 'Sails.', ...fault })).rejects.toEqual(
      refusal('INVALID', path),
    );
    expect(await stored(id)).toMatchObject(written);
  });

  it('lets a partner change itself, and nobody else', async () => {
    const id = await givenInvited(test);
    const own = partnerViewer(id, ['RULES_MANAGE']);
    const changes = { description: 'Sells.' };

    for (const [viewer, why] of [
      [partnerViewer(randomUUID(), ['RULES_MANAGE']), refusal('NOT_FOUND', ['id'])],
      [{ ...own, sandbox: true }, refusal('NOT_ALLOWED')],
    ] as const) {
      await expect(update(id, changes, viewer)).rejects.toEqual(why);
    }
    expect(await stored(id)).toMatchObject({ description: null });
    await update(id, changes, own);

    expect(await stored(id)).toMatchObject(changes);
  });

  it('changes none that is not there, or has left', async () => {
    const id = await givenInvited(test);
    await givenStatus(test, id, 'TERMINATED');

    await expect(update(id, { name: 'Gone' })).rejects.toEqual(
      refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }),
    );
    await expect(update(randomUUID(), {})).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(update('shop', {})).rejects.toEqual(refusal('INVALID', ['id']));
    expect((await stored(id)).name).not.toBe('Gone');
  });

  it('loses none of the changes that many make at once', async () => {
    const id = await givenInvited(test);
    const changes = [
      { name: 'Racer' },
      { description: 'Fast.' },
      { website: 'https://race.example' },
      { brandColor: '#00ff00' },
      { logoUrl: 'https://race.example/logo.svg' },
      { retailer: { productCategories: ['Cars'] } },
    ];

    const { reasons } = await race(db(), changes.length, (index) => update(id, changes[index]!));

    expect(reasons).toEqual([]);
    expect(await stored(id)).toMatchObject({
      name: 'Racer',
      description: 'Fast.',
      website: 'https://race.example',
      brandColor: '#00ff00',
      logoUrl: 'https://race.example/logo.svg',
      details: { productCategories: ['Cars'] },
    });
  });
});
