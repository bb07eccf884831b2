import { installedTable, line, restartTable } from './report';

/** The cells of the row of a table that begins with this. */
const row = (table: string, what: string): string[] => {
  const found = table.split('\n').find((each) => each.startsWith(`| ${what} |`));
  return (
    found
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()) ?? []
  );
};

const chart = {
  title: 'chart',
  rounds: [
    { log: 10, memory: 800 },
    { log: 20, memory: 800 },
  ],
};
const own = {
  title: 'ours',
  rounds: [
    { log: 200, memory: 300.4 },
    { log: 300, memory: undefined },
  ],
};
const open = { title: 'no login', rounds: [{ log: 250 }, { log: 250 }] };

test('the table of installed sides has a column for each side, and ours against each other', () => {
  const table = installedTable('3.18.0', chart, own, [open]);
  const [header = '', rule = ''] = table.split('\n');
  expect(header).toBe('| MLflow 3.18.0 | chart | ours | no login | ours / chart | ours / no login |');
  expect(rule).toBe('| --- | --- | --- | --- | --- | --- |');
  // The ratios of the rounds: 20 and 15; 0.8 and 1.2.
  expect(row(table, 'log-metric, requests/s')).toEqual(['15.0', '250.0', '250.0', '17.50', '1.00']);
  expect(row(table, 'memory (PSS) after requests, MiB')).toEqual(['800', '300', '–', '0.38', '–']);
});

test('what was not measured has a dash', () => {
  const table = installedTable('3.1.0', chart, own, []);
  expect(row(table, '1 GB artifact up, s')).toEqual(['–', '–', '–']);
});

test('the table of restarts has the ratios of medians', () => {
  const of = { title: 'ours', rounds: [{ rolling: 10 }, { rolling: 2 }, { rolling: 60 }] };
  const to = { title: 'before', rounds: [{ rolling: 1 }, { rolling: 4 }, { rolling: 20 }] };
  const table = restartTable('3.18.0', of, [to]);
  expect(table.split('\n')[0]).toBe('| MLflow 3.18.0 | ours | before | ours / before |');
  expect(row(table, 'rolling update of three replicas, s')).toEqual(['10.0', '4.0', '2.50']);
});

test('a line names what failed', () => {
  expect(line({ log: 12.34567, search: undefined })).toBe('log 12.346, search failed');
});
