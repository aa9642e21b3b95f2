import functools
import inspect

RUN_ID = "manual__2026-01-01"


def dag(**options):
    assert options["schedule"] and options["start_date"], options
    return lambda function: function


def task(**options):
    assert options.get("retries", 0) >= 0, options

    def decorate(function):
        @functools.wraps(function)
        def run(*args):
            context = {"run_id": RUN_ID} if "run_id" in inspect.signature(function).parameters else {}
            result = function(*args, **context)
            print(f"{function.__name__}: {result}")
            return result

        return run

    return decorate
