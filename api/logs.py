"""What the program tells its operator: that something was answered, and where a mistake happened. Never what was said.

A line holds the method, the route as it is declared, and the status; no address with its query, no header field, no cookie,
no body. Of an exception it holds the type and the places in the code; its words may quote what somebody wrote.
"""

import logging
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import msgspec
import structlog
from litestar.config.app import AppConfig
from litestar.logging.config import LoggingConfig, StructLoggingConfig
from litestar.plugins.structlog import StructlogConfig, StructlogPlugin
from litestar.types import Logger, Message, Scope
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from api.problems import Internal, understood

_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


def plugin(*, pretty: bool | None = None) -> StructlogPlugin:
    """Logs on standard error: a JSON object a line, or, where ``pretty``, for people; None: for people on a terminal."""
    is_pretty = sys.stderr.isatty() if pretty is None else pretty
    own = StructLoggingConfig(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *_rendering(pretty=is_pretty)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_logger,
        cache_logger_on_first_use=False,  # a logger that a module keeps follows standard error wherever it goes
        standard_lib_logging_config=_of_libraries(pretty=is_pretty),
        log_exceptions="always",
        exception_logging_handler=_log_mistake,
    )
    # Litestar's own middleware logs each chunk of an answer, and no answer to an address that leads nowhere.
    return _Plugin(StructlogConfig(own, enable_middleware_logging=False))


class _Plugin(StructlogPlugin):
    """With a line for each answer, also where no route was found."""

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config = super().on_app_init(app_config)
        app_config.before_send.append(_log_answer)
        return app_config


async def _log_answer(message: Message, scope: Scope) -> None:
    if message["type"] == "http.response.start" and scope["type"] == "http":
        structlog.get_logger().info("answered", method=scope["method"], route=_route(scope), status=message["status"])


def _route(scope: Scope) -> str | None:
    """The address as it is declared; None where there is none such."""
    return cast("Mapping[str, str]", scope).get("path_template")


def _log_mistake(logger: Logger, scope: Scope, _: list[str]) -> None:
    """Log what was not foreseen; a refusal is no mistake."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and isinstance(understood(error), Internal):
        cast("Any", logger).error("mistake", route=_route(scope), exc_info=error)


def _logger(*_: object) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)


class _StandardError(logging.Handler):
    """Standard error as it is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


def _of_libraries(*, pretty: bool) -> LoggingConfig:
    """Warnings of the libraries, in the same shape; below that they tell of addresses with their queries."""
    processors: list[Processor] = [
        _level,
        _first_line,
        ProcessorFormatter.remove_processors_meta,
        *_rendering(pretty=pretty),
    ]
    handler = {"()": _StandardError, "formatter": "standard"}
    return LoggingConfig(
        formatters={"standard": {"()": ProcessorFormatter, "processors": processors}},
        handlers={"console": handler, "queue_listener": handler},
        loggers={"litestar": {"level": "WARNING", "handlers": [], "propagate": True}},
        root={"level": "WARNING", "handlers": ["console"]},
    )


def _rendering(*, pretty: bool) -> list[Processor]:
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    rendered = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if pretty else _as_json
    return [_places, stamp, rendered]


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return _encode(event).decode()


def _level(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    event.update(level=record.levelname.lower(), logger=record.name)
    return event


def _first_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What asyncio says of a task that failed goes on with the exception's words."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _places(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception as its types and the places in the code, from the outermost call inwards, cause by cause."""
    given: object = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if isinstance(given, tuple):
        error = cast("tuple[object, BaseException | None, object]", given)[1]
    if error is not None:
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> Iterable[str]:
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"  {code.co_filename}:{trace.tb_lineno} {code.co_qualname}"
        trace = trace.tb_next
    if isinstance(error, BaseExceptionGroup):
        for one in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _told(one)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield "from"
        yield from _told(cause)
