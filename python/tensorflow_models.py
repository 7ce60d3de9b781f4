"""The model server's application in TensorFlow's images: SavedModels behind the bodies that TensorFlow Serving takes,
and the handlers of a script beside them."""

import base64
import collections
import importlib
import io
import json
import os
import re
import sys
import threading
import traceback
import wsgiref.simple_server
from socketserver import ThreadingMixIn

import numpy as np
import requests
import tensorflow as tf
from serving import LIMIT, MODEL_DIR, OK, reply

BAD = "400 Bad Request"
JSON = "application/json"
Context = collections.namedtuple("Context", (
    "model_name", "model_version", "method", "rest_uri", "grpc_port", "custom_attributes", "request_content_type",
    "accept_header", "content_length"))


class Refused(Exception):
    """A request that the model does not take; the caller is told why."""


class Model:
    """The newest version of a SavedModel, in a graph and session of its own as TensorFlow Serving has it."""

    def __init__(self, name, folder):
        self.name = name
        self.version = os.path.basename(folder)
        self.session = tf.compat.v1.Session(graph=tf.Graph())
        self.signatures = tf.compat.v1.saved_model.load(self.session, ["serve"], folder).signature_def

    def predict(self, body):
        """The answer to a body in the row (``instances``) or column (``inputs``) format of TensorFlow Serving."""
        try:
            asked = json.loads(body)
        except ValueError as e:
            raise Refused("JSON Parse error: %s" % e) from None
        if not isinstance(asked, dict) or ("instances" in asked) == ("inputs" in asked):
            raise Refused("a request has either 'instances' or 'inputs'")
        name = asked.get("signature_name", "serving_default")
        if name not in self.signatures:
            raise Refused("Serving signature name: \"%s\" not found in signature def" % name)
        expected, outputs = self.signatures[name].inputs, self.signatures[name].outputs
        rows = "instances" in asked
        given = columns(asked["instances"]) if rows else asked["inputs"]
        if not (isinstance(given, dict) and set(given) == set(expected)):
            if len(expected) != 1:
                raise Refused("the signature's inputs are %s" % ", ".join(sorted(expected)))
            given = {next(iter(expected)): given}
        found = self.session.run({each: output.name for each, output in outputs.items()}, {
            tensor.name: array(given[each], tensor) for each, tensor in expected.items()})
        values = {each: plain(np.asarray(value), each) for each, value in found.items()}
        if not rows:
            return {"outputs": next(iter(values.values())) if len(values) == 1 else values}
        if len(values) == 1:
            return {"predictions": next(iter(values.values()))}
        return {"predictions": [dict(zip(values, row)) for row in zip(*values.values())]}


def columns(instances):
    """Rows that name their inputs, turned to one list for each input; others as they are."""
    if not isinstance(instances, list) or not instances:
        raise Refused("'instances' is a list of one row at least")
    if not isinstance(instances[0], dict) or set(instances[0]) == {"b64"}:
        return instances
    if any(not isinstance(row, dict) or set(row) != set(instances[0]) for row in instances):
        raise Refused("the rows of 'instances' name different inputs")
    return {name: [row[name] for row in instances] for name in instances[0]}


def array(value, tensor):
    try:
        return np.array(decoded(value), dtype=tf.dtypes.as_dtype(tensor.dtype).as_numpy_dtype)
    except (TypeError, ValueError, OverflowError) as e:
        kind = tf.dtypes.as_dtype(tensor.dtype).name
        raise Refused("the input %s is not of %s: %s" % (tensor.name, kind, e)) from None


def decoded(value):
    if isinstance(value, dict) and set(value) == {"b64"}:
        return base64.b64decode(value["b64"])
    return [decoded(each) for each in value] if isinstance(value, list) else value


def plain(values, name):
    """An output as JSON has it; bytes as text, in base64 where their name says that they are bytes."""
    if values.dtype.kind not in "OSU":
        return values.tolist()
    if values.ndim:
        return [plain(np.asarray(each), name) for each in values]
    data = values.item()
    data = data.encode() if isinstance(data, str) else data
    return {"b64": base64.b64encode(data).decode()} if name.endswith("_bytes") else data.decode("utf-8", "replace")


def models():
    """SavedModels by name, each in folders of its versions."""
    newest = {}
    for folder, _, files in os.walk(MODEL_DIR):
        version = os.path.basename(folder)
        if "saved_model.pb" in files and version.isdigit():
            parent = os.path.dirname(folder)
            name = "model" if parent == MODEL_DIR else os.path.basename(parent)
            if name not in newest or int(os.path.basename(newest[name])) < int(version):
                newest[name] = folder
    if not newest:
        raise RuntimeError("no SavedModel in a folder of its version, such as 1/saved_model.pb, is in the model")
    return {name: Model(name, folder) for name, folder in newest.items()}


def body_of(data, content_type):
    """A body as TensorFlow Serving takes it, made of the other ones that the image takes."""
    if content_type == "text/csv":
        rows = [line.strip() for line in data.splitlines() if line.strip()]
        return '{"instances": [%s]}' % ", ".join("[%s]" % row if "," in row else row for row in rows)
    if re.search(r'"(instances|inputs|examples)"\s*:', data):
        return data
    if content_type in ("application/jsonlines", "application/jsons") or re.search(r"[}\]]\s*[\[{]", data):
        return '{"instances": [%s]}' % re.sub(r"([}\]])\s*([\[{])", r"\1, \2", data.strip())
    return '{"instances": %s}' % (data if re.match(r"\s*\[\s*\[", data) else "[%s]" % data)


def response(status, body):
    """What ``requests`` gives a script for an answer of the model."""
    answer = requests.Response()
    answer.status_code = int(status.split()[0])
    answer._content = body
    answer.headers["Content-Type"] = JSON
    answer.encoding = "utf-8"
    return answer


class Server:
    def __init__(self):
        self.models = models()
        self.default = os.environ.get("SAGEMAKER_TFS_DEFAULT_MODEL_NAME", next(iter(sorted(self.models))))
        if self.default not in self.models:
            raise RuntimeError("there is no model %s; there is %s" % (self.default, ", ".join(sorted(self.models))))
        script = os.path.join(os.environ.get("ATELIER_CODE", ""), "inference.py")
        module = importlib.import_module("inference") if os.path.exists(script) else None
        self.handler = getattr(module, "handler", None)
        self.before = getattr(module, "input_handler", None)
        self.after = getattr(module, "output_handler", None)
        if module and not self.handler and not (self.before and self.after):
            raise RuntimeError("inference.py defines neither handler nor input_handler with output_handler")
        self.rest = "http://127.0.0.1:%d" % rest_server(self) if module else None

    def predict(self, model, body):
        """The status line and body of a model's answer."""
        try:
            return OK, json.dumps(model.predict(body)).encode()
        except Refused as e:
            return BAD, json.dumps({"error": str(e)}).encode()
        except (tf.errors.OpError, ValueError, TypeError) as e:
            # a shape or value that the graph does not take
            return BAD, json.dumps({"error": str(e)}).encode()

    def invoke(self, environ, data):
        """The status line, body and content type of the answer to an invocation."""
        attributes = environ.get("HTTP_X_AMZN_SAGEMAKER_CUSTOM_ATTRIBUTES", "")
        wanted = dict(each.strip().split("=", 1) for each in attributes.split(",") if "=" in each)
        name = wanted.get("tfs-model-name", self.default)
        method = wanted.get("tfs-method", "predict")
        if name not in self.models or method != "predict":
            return BAD, json.dumps({"error": "there is no %s of a model %s" % (method, name)}).encode(), JSON
        model = self.models[name]
        content_type = environ.get("CONTENT_TYPE") or JSON
        if not self.rest:
            return self.predict(model, body_of(data.decode(), content_type.split(";")[0].strip())) + (JSON,)
        accept = environ.get("HTTP_ACCEPT") or JSON
        context = Context(name, model.version, method, "%s/v1/models/%s:predict" % (self.rest, name), None, attributes,
                          content_type, accept if accept != "*/*" else JSON, len(data))
        if self.handler:
            return (OK,) + shaped(self.handler(io.BytesIO(data), context))
        answer = response(*self.predict(model, self.before(io.BytesIO(data), context)))
        return (OK,) + shaped(self.after(answer, context))


def shaped(result):
    body, content_type = result
    return body.encode() if isinstance(body, str) else bytes(body), content_type


def rest_server(server):
    """TensorFlow Serving's address for scripts that send requests to it themselves."""

    class Threaded(ThreadingMixIn, wsgiref.simple_server.WSGIServer):
        daemon_threads = True

    class Quiet(wsgiref.simple_server.WSGIRequestHandler):
        def log_message(self, *_):
            pass

    def answer(environ, start_response):
        match = re.fullmatch(r"/v1/models/([^/:]+)(?:/versions/\d+)?:predict", environ["PATH_INFO"])
        if not match or match.group(1) not in server.models:
            return reply(start_response, "404 Not Found", b'{"error": "not found"}', JSON)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return reply(start_response, *server.predict(server.models[match.group(1)], body), JSON)

    listening = wsgiref.simple_server.make_server("127.0.0.1", 0, answer, Threaded, Quiet)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    return listening.server_port


def application():
    """Loads the models, then answers; the server counts as started once this returns."""
    server = Server()

    def answer(environ, start_response):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/ping":
            return reply(start_response, OK, b"", "text/plain")
        if path != "/invocations" or method != "POST":
            return reply(start_response, "404 Not Found", b"not found", "text/plain")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > LIMIT:
            return reply(start_response, "413 Payload Too Large", b"the body is too large", "text/plain")
        try:
            return reply(start_response, *server.invoke(environ, environ["wsgi.input"].read(length)))
        except Exception as failure:  # whatever the user's code raises is the model's error, told to the caller
            traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
            message = json.dumps({"error": "%s: %s" % (type(failure).__name__, failure)})
            return reply(start_response, "500 Internal Server Error", message.encode(), JSON)

    return answer
