"""common.exit_codes: a number has one meaning."""

from common.exit_codes import ExitCode


def test_numbers_are_unique_and_none_is_a_shells():
    assert len({code.value for code in ExitCode}) == len(list(ExitCode.__members__))
    assert all(9 < code.value < 126 for code in ExitCode)


def test_words_are_those_of_the_documentation():
    assert ExitCode.DATABASE_UNREACHABLE.word == "database-unreachable"
