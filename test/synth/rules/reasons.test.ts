import { RULES } from '../../../lib/synth/rules';
import { withReasonsOnce } from '../../../lib/synth/rules/reasons';

/** The reason of a rule is said once, and everything else of each line stays. */

const NOTE = ' [in environment stage, which extends this file: set patches in environments/stage/environment.yaml]';

describe.each(['', NOTE])('with %j behind the reason', (behind) => {
  test.each(RULES.map(({ name, reason }) => [name, reason]))('%s', (name, reason) => {
    const line = (text: string, because: string) =>
      `a.yaml:1:1 patches[0]: ${text} (fix it) [rule ${because}]${behind}`;
    const first = line('Service a', `${name}: ${reason}`);
    expect(withReasonsOnce([first, line('Service b', `${name}: ${reason}`), 'another', first])).toEqual([
      first,
      line('Service b', name),
      'another',
      line('Service a', name),
    ]);
  });
});

test('each rule has its own', () => {
  const lines = ['a [rule one: x]', `b [rule two: y]${NOTE}`, 'c [rule two: y]', `d [rule one: x]${NOTE}`];
  expect(withReasonsOnce(lines)).toEqual([...lines.slice(0, 2), 'c [rule two]', `d [rule one]${NOTE}`]);
});
