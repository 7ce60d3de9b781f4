"""The answer of an output_fn or transform_fn."""

from werkzeug.wrappers import Response as HttpResponse


class Response(HttpResponse):
    """A body with the content type ``accept``, or ``mimetype``."""

    def __init__(self, response=None, accept=None, status=200, headers=None, mimetype=None, direct_passthrough=False):
        super().__init__(response, status=status, headers=headers, mimetype=accept or mimetype,
                         direct_passthrough=direct_passthrough)
