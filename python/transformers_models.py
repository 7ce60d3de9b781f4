"""What Hugging Face's images do where a script leaves it out: a pipeline over the model, asked by ``inputs`` with
``parameters``."""

import json
import os

import formats

# the task by the end of the name of the model's class
_TASKS = {
    "ForSequenceClassification": "text-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "LMHeadModel": "text-generation",
    "ForConditionalGeneration": "text2text-generation",
    "ForImageClassification": "image-classification",
}


def task_of(model_dir):
    """``HF_TASK``, or what the model's class is for."""
    asked = os.environ.get("HF_TASK")
    if asked:
        return asked
    with open(os.path.join(model_dir, "config.json")) as file:
        names = json.load(file).get("architectures") or [""]
    for ending, task in _TASKS.items():
        if names[0].endswith(ending):
            return task
    raise RuntimeError("the task of a model of class %r is not known; set HF_TASK" % names[0])


def model_fn(model_dir):
    import transformers

    model = os.environ.get("HF_MODEL_ID")
    if model and not os.path.exists(os.path.join(model_dir, "config.json")):
        return transformers.pipeline(task=os.environ.get("HF_TASK"), model=model)
    return transformers.pipeline(task=task_of(model_dir), model=model_dir)


def input_fn(body, content_type):
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise formats.UnsupportedFormat("%s is not taken; send application/json" % content_type)
    return json.loads(body)


def predict_fn(data, pipeline):
    if not isinstance(data, dict):
        return pipeline(data)
    parameters = data.get("parameters") or {}
    return pipeline(data["inputs"] if "inputs" in data else
                    {name: value for name, value in data.items() if name != "parameters"}, **parameters)


def output_fn(prediction, accept):
    return json.dumps(prediction, default=lambda value: value.item() if hasattr(value, "item") else str(value)), (
        "application/json")
