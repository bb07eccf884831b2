"""Traces, and what an outsider may try with the id of one."""

import contextlib
import inspect

from tricks import SECRET

TRACES = "/api/3.0/mlflow/traces"
NEW = "tr-new"


def start_trace(ask, user, experiment, trace_id, tag):
    """A trace of a user: its id, which MLflow 3.1 chooses."""
    location = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    trace = {
        "trace_info": {
            "trace_id": trace_id,
            "trace_location": location,
            "request_time": "2026-01-01T00:00:00Z",
            "state": "OK",
            "tags": {"tag": tag},
        }
    }
    if ask(user, "POST", "/api/3.0/mlflow/traces", json={"trace": trace}).status_code != 200:
        old = {"experiment_id": experiment, "timestamp_ms": 1, "tags": [{"key": "tag", "value": tag}]}
        trace_id = ask(user, "POST", "/api/2.0/mlflow/traces", json=old).json["trace_info"]["request_id"]
    return trace_id, trace


def location_of(experiment):
    return {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}


def trace_of(experiment, trace_id, **more):
    """The body of a request that starts a trace."""
    info = {"trace_id": trace_id, "trace_location": location_of(experiment), "request_time": "2026-01-01T00:00:00Z"}
    return {"trace": {"trace_info": {**info, "state": "OK", **more}}}


def add_span(experiment, trace_id, named=(), **tags):
    """What MLflow answers, if it takes spans at all, to one that is sent for a trace to an experiment.

    `named`: which parameters are given by keyword, by their index. `tags`: of the trace, as attributes of the span.
    """
    from mlflow.entities.span import create_mlflow_span
    from mlflow.exceptions import MlflowException
    from mlflow.server.handlers import _get_tracking_store
    from opentelemetry.sdk.trace import TracerProvider

    store = _get_tracking_store()
    if not hasattr(store, "log_spans"):
        return 404
    span = create_mlflow_span(TracerProvider().get_tracer("of a test").start_span("added"), trace_id)
    for name, value in tags.items():
        span.set_attribute(f"mlflow.traceTag.{name}", value)
    span.end()
    given = dict(
        zip(inspect.signature(store.log_spans).parameters, (experiment, [span.to_immutable_span()]), strict=False)
    )
    by_keyword = {name: given.pop(name) for index, name in enumerate(dict(given)) if index in named}
    try:
        store.log_spans(*given.values(), **by_keyword)
    except MlflowException as error:
        return error.get_http_status_code()
    return 200


@contextlib.contextmanager
def created_meanwhile(experiment, trace_id):
    """Another request creates a trace in an experiment after this one found that there is none."""
    from mlflow.server.handlers import _get_tracking_store
    from mlflow.store.tracking.dbmodels.models import SqlTraceInfo
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    left = [trace_id]

    def create(session, *_):
        if left and any(isinstance(each, SqlTraceInfo) and each.request_id == trace_id for each in session.new):
            left.clear()
            with Session(_get_tracking_store().engine) as other:
                other.add(SqlTraceInfo(request_id=trace_id, experiment_id=experiment, timestamp_ms=1, status="OK"))
                other.commit()

    event.listen(Session, "before_flush", create)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", create)
        assert not left, "nothing was created"


def experiment_of(trace_id):
    """The experiment that a trace is in."""
    from mlflow.server.handlers import _get_tracking_store

    return str(_get_tracking_store().get_trace_info(trace_id).experiment_id)


def tags_of(trace_id):
    """The tags of a trace."""
    from mlflow.server.handlers import _get_tracking_store

    return dict(_get_tracking_store().get_trace_info(trace_id).tags)


def send_trace(ask, user, experiment, run):
    """What is answered to a trace that is sent to an experiment, and linked to a run (from 3.14 on)."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name = b"1" * 16, b"2" * 8, "sent"
    span.start_time_unix_nano, span.end_time_unix_nano = 1_000_000_000, 2_000_000_000
    headers = {"X-MLflow-Experiment-Id": experiment, "X-MLflow-Run-Id": run}
    sent = {"data": message.SerializeToString(), "content_type": "application/x-protobuf", "headers": headers}
    return ask(user, "POST", "/v1/traces", **sent).status_code


def trace_tricks(ask, world, own):
    """What an outsider may try: a name, a status, and whether it gained something of the owner's."""
    theirs, mine, trace = world["experiment_id"], own["experiment_id"], world["trace_id"]
    for named in ((), (1,), (0, 1)):
        yield f"span of a trace, {len(named)} by keyword", add_span(mine, trace, named), False
    status = add_span(mine, "tr-own-span")
    if status == 404:  # this release has no spans, and no assessments
        return
    assert status == 200
    from mlflow.server import auth

    if hasattr(auth, "_get_otel_validator"):
        assert send_trace(ask, "outsider", mine, own["run_id"]) == 200
        status = send_trace(ask, "outsider", mine, world["run_id"])
        yield "trace for a run of others", status, status == 200
    moved = {"mlflow.artifactLocation": f"mlflow-artifacts:/{theirs}/traces/{trace}/artifacts#/tr-tagged/artifacts"}
    status = add_span(mine, "tr-tagged", **moved)
    yield "location of a trace by a span", 400, status == 200 and tags_of("tr-tagged").items() >= moved.items()
    with created_meanwhile(theirs, NEW):
        yield "span of a trace that others create meanwhile", add_span(mine, NEW), False
    with created_meanwhile(theirs, f"{NEW}-2"):
        status = ask("outsider", "POST", TRACES, json=trace_of(mine, f"{NEW}-2")).status_code
    yield "start of a trace that others create meanwhile", status, experiment_of(f"{NEW}-2") == mine
    assessment = {
        "assessment_name": "of a trace",
        "source": {"source_type": "HUMAN", "source_id": "somebody"},
        "feedback": {"value": SECRET},
        "create_time": "2026-01-01T00:00:00Z",
        "last_update_time": "2026-01-01T00:00:00Z",
    }
    assessed = f"{NEW}-of-the-owner"
    ask("owner", "POST", TRACES, json=trace_of(theirs, assessed))
    path = f"{TRACES}/{assessed}/assessments"
    made = ask("owner", "POST", path, json={"assessment": {**assessment, "trace_id": assessed}}).json["assessment"]
    taken = {**assessment, "assessment_id": made["assessment_id"], "trace_id": f"{NEW}-3"}
    status = ask("outsider", "POST", TRACES, json=trace_of(mine, f"{NEW}-3", assessments=[taken])).status_code
    still = ask("owner", "GET", f"{path}/{made['assessment_id']}").status_code
    yield "assessment of another trace", status, still != 200
