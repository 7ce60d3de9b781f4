"""The model server's WSGI application: /ping and /invocations over the functions of the user's script."""

import importlib
import importlib.util
import os
import sys
import traceback
import types

import formats
from sagemaker_training.errors import UnsupportedFormatError

MODEL_DIR = os.environ.get("SM_MODEL_DIR", "/opt/ml/model")
LIMIT = 32 << 20
OK = "200 OK"
# scripts get these as text, as from the servers of SageMaker's own images
TEXT_TYPES = ("application/json", "text/csv")


class Handler:
    """The user's functions, with SageMaker's defaults for those that the script leaves out."""

    def __init__(self):
        own = defaults()
        module = script(own)
        model_fn = getattr(module, "model_fn", own.model_fn)
        self.transform_fn = getattr(module, "transform_fn", None)
        if self.transform_fn and any(hasattr(module, each) for each in ("input_fn", "predict_fn", "output_fn")):
            raise RuntimeError("%s defines transform_fn beside input_fn, predict_fn or output_fn, which it stands for"
                               % module.__name__)
        self.input_fn = getattr(module, "input_fn", own.input_fn)
        self.predict_fn = getattr(module, "predict_fn", own.predict_fn)
        self.output_fn = getattr(module, "output_fn", own.output_fn)
        self.model = model_fn(MODEL_DIR)

    def transform(self, body, content_type, accept):
        """The body, content type and status line of the answer to one request."""
        if content_type.split(";")[0].strip().lower() in TEXT_TYPES:
            body = body.decode("utf-8")
        if self.transform_fn:
            result = self.transform_fn(self.model, body, content_type, accept)
        else:
            data = self.input_fn(body, content_type)
            result = self.output_fn(self.predict_fn(data, self.model), accept)
        status = OK
        if hasattr(result, "get_data") and hasattr(result, "mimetype"):
            # a worker.Response, or Flask's
            status = getattr(result, "status", OK)
            result = result.get_data(), result.mimetype
        payload, kind = result if isinstance(result, tuple) else (result, accept)
        return (payload.encode() if isinstance(payload, str) else bytes(payload)), kind, status


def script(own):
    """The user's module; none where the image's own functions do without."""
    named = os.environ.get("SAGEMAKER_PROGRAM")
    program = named or "inference.py"
    name = program[:-3].replace("/", ".") if program.endswith(".py") else program
    if own.model_fn and not named and importlib.util.find_spec(name) is None:
        return None
    module = importlib.import_module(name)
    if not own.model_fn and not hasattr(module, "model_fn"):
        raise RuntimeError("%s defines no model_fn(model_dir)" % program)
    return module


def defaults():
    """The image's functions: XGBoost's has its own, which know its matrix, and Hugging Face's needs no script."""
    if importlib.util.find_spec("sagemaker_xgboost_container"):
        from sagemaker_xgboost_container import serving

        return types.SimpleNamespace(model_fn=None, input_fn=serving.default_input_fn,
                                     predict_fn=serving.default_predict_fn, output_fn=serving.default_output_fn)
    if importlib.util.find_spec("transformers"):
        import transformers_models

        return transformers_models
    return types.SimpleNamespace(
        model_fn=None, input_fn=formats.decode, predict_fn=formats.predict, output_fn=formats.encode)


def application():
    """Loads the model, then answers; the server counts as started once this returns."""
    handler = Handler()

    def answer(environ, start_response):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/ping":
            return reply(start_response, OK, b"", "text/plain")
        if path != "/invocations" or method != "POST":
            return reply(start_response, "404 Not Found", b"not found", "text/plain")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > LIMIT:
            return reply(start_response, "413 Payload Too Large", b"the body is too large", "text/plain")
        body = environ["wsgi.input"].read(length)
        content_type = environ.get("CONTENT_TYPE") or "application/octet-stream"
        accept = environ.get("HTTP_ACCEPT") or "application/json"
        if accept == "*/*":
            accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "application/json")
        try:
            payload, kind, status = handler.transform(body, content_type, accept)
        except (formats.UnsupportedFormat, UnsupportedFormatError) as failure:
            return reply(start_response, "415 Unsupported Media Type", str(failure).encode(), "text/plain")
        except Exception as failure:  # whatever the user's code raises is the model's error, told to the caller
            traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
            message = "%s: %s" % (type(failure).__name__, failure)
            return reply(start_response, "500 Internal Server Error", message.encode(), "text/plain")
        return reply(start_response, status, payload, kind)

    return answer


def reply(start_response, status, body, content_type):
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
