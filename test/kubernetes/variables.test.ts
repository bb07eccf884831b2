import * as fc from 'fast-check';
import {
  environmentVariables,
  expandedInCircles,
  expandedNames,
  inExpansionOrder,
  type Variable,
} from '../../lib/kubernetes/variables';

const plain = (name: string, value: string): Variable => ({ name, value });
const names = (variables: readonly Variable[]) => variables.map(({ name }) => name);

describe('variables that the kubelet expands', () => {
  test.each([
    ['$(A)', ['A']],
    ['x$(A)y$(B)', ['A', 'B']],
    ['$$(A)', []],
    ['$$$(A)', ['A']],
    ['$A $(', []],
  ])('%s names %j', (value, expected) => {
    expect(expandedNames(plain('X', value))).toEqual(expected);
  });

  test('come before the variables that expand them, and otherwise stay in order', () => {
    const given = [plain('B', '$(A)'), plain('C', 'c'), plain('A', '$(S)'), { name: 'S', secret: 's', key: 'k' }];
    expect(names(inExpansionOrder(given))).toEqual(['S', 'A', 'B', 'C']);
    expect(environmentVariables(given).map(({ name }) => name)).toEqual(['S', 'A', 'B', 'C']);
  });

  test.each([
    [{ A: '$(B)', B: '$(A)' }, ['A', 'B']],
    [{ A: '$(B)', B: '$(C)', C: 'x$(B)', D: '$(A)' }, ['B', 'C']],
    [{ A: '$(A)' }, ['A']],
    [{ A: '$$(A)', B: '$(A)$(X)', C: '$(B)$(A)' }, []],
  ])('of %j those in a circle are %j', (given, circle) => {
    expect(expandedInCircles(Object.entries(given).map(([name, value]) => plain(name, value)))).toEqual(circle);
  });

  test('are neither lost nor repeated, even in a circle', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'D', 'E');
    const value = fc.array(name, { maxLength: 3 }).map((expanded) => expanded.map((each) => `$(${each})`).join(''));
    const variables = fc.uniqueArray(fc.record({ name, value }), { selector: (each) => each.name });
    fc.assert(
      fc.property(variables, (given) => {
        expect(names(inExpansionOrder(given)).toSorted()).toEqual(names(given).toSorted());
      }),
    );
  });
});
