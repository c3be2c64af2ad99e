import { joinAccess, joinResolvers } from '../../platform/rooms.ts';

const one = () => 1;
const two = () => 2;

test('a type gets the fields of all rooms', () => {
  const joined = joinResolvers<object>([
    { Query: { a: one } },
    { Query: { b: two }, Member: { c: one } },
  ]);
  expect(joined).toEqual({ Query: { a: one, b: two }, Member: { c: one } });
});

test('two rooms that resolve the same field are refused', () => {
  const rooms = [{ Member: { a: one } }, { Member: { a: two } }];
  expect(() => joinResolvers<object>(rooms)).toThrow('Two rooms resolve Member.a.');
});

test('owners and public types of all rooms count', () => {
  const joined = joinAccess([
    { owners: { Member: one as never }, publicEntities: ['Program'] },
    { owners: { Balance: two as never }, publicEntities: [] },
  ]);
  expect(joined).toEqual({ owners: { Member: one, Balance: two }, publicEntities: ['Program'] });
});
