"""smoke_test: its model."""

from types import SimpleNamespace

from smoke_test.__main__ import doubler


def test_the_model_has_no_type_hints_which_mlflow_would_take_for_the_schema_of_its_input():
    model = doubler(SimpleNamespace(pyfunc=SimpleNamespace(PythonModel=object)))
    assert type(model).predict.__annotations__ == {}
    assert model.predict(None, [1, 2]) == [2, 4]
