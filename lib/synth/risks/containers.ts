import { optionRisks } from '../../components/shared/risks/options';
import { variableRisks } from '../../components/shared/risks/variables';
import type { Container } from '../../kubernetes/objects';
import { podsOf } from '../rules/workloads';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';

/** What variables and arguments of containers open. */
export const containerRisks: ObjectRiskCheck = (objects) =>
  podsOf(objects).flatMap(({ object, containers }) =>
    containers.flatMap((container) =>
      [...variablesOf(container), ...argumentsOf(container)].map(
        ({ what, ...risk }): ObjectRisk => ({ ...risk, object, what: `container ${container.name} ${what}` }),
      ),
    ),
  );

const variablesOf = ({ env = [] }: Container) =>
  env.flatMap(({ name, value = '', valueFrom }) =>
    variableRisks(name, valueFrom ? undefined : value).map(({ what, ...risk }) => ({
      ...risk,
      what: `sets ${name}, which ${what}`,
    })),
  );

const argumentsOf = ({ command = [], args = [] }: Container) =>
  optionsIn([...command, ...args]).flatMap(([name, value]) =>
    optionRisks(name, value).map(({ what, ...risk }) => ({ ...risk, what: `has option --${name}, which ${what}` })),
  );

/** Options of a command line, written as `--name=value`, `--name value` or `--name`. */
export const optionsIn = (words: readonly string[]): [name: string, value: string][] =>
  words.flatMap((word, index) => {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!name) return [];
    const next = words[index + 1];
    return [[name, value ?? (next === undefined || next.startsWith('-') ? 'true' : next)]];
  });
