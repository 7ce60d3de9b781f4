"""The processors of the SageMaker SDK, v2 in this process and v3 in its own environment, with nothing but ./atelier env."""

import os
import subprocess

import pytest

SCRIPT = """
import argparse, csv, os
import sklearn
from sklearn.preprocessing import scale
parser = argparse.ArgumentParser()
parser.add_argument("--column", type=int)
column = parser.parse_args().column
rows = list(csv.reader(open("/opt/ml/processing/input/rows.csv")))
for row, value in zip(rows, scale([float(row[column]) for row in rows])):
    row[column] = "%.1f" % value
csv.writer(open("/opt/ml/processing/output/rows.csv", "w")).writerows(rows)
print("scaled", len(rows), "rows")
"""
WITH_HELPER = """
import tinynetrc
from helper import shout
print(shout("packages " + tinynetrc.__name__))
open("/opt/ml/processing/output/said", "w").write(shout("done"))
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "process.py").write_text(SCRIPT)
    (tmp_path / "rows.csv").write_text("a,1\nb,3\n")
    source = tmp_path / "source"
    source.mkdir()
    (source / "helped.py").write_text(WITH_HELPER)
    (source / "helper.py").write_text("def shout(text):\n    return text.upper()\n")
    (source / "requirements.txt").write_text("tinynetrc==1.3.1\n")
    return tmp_path


def stored(s3, uri, name):
    bucket, key = uri[len("s3://"):].split("/", 1)
    return s3.get_object(Bucket=bucket, Key="%s/%s" % (key, name))["Body"].read().decode()


def test_v2_sklearn_processor(folder, s3, capfd):
    import sagemaker
    from sagemaker.processing import ProcessingInput, ProcessingOutput
    from sagemaker.sklearn.processing import SKLearnProcessor

    processor = SKLearnProcessor("1.2-1", sagemaker.get_execution_role(), instance_count=1,
                                 instance_type="ml.t3.medium")
    processor.run(str(folder / "process.py"),
                  inputs=[ProcessingInput(str(folder / "rows.csv"), "/opt/ml/processing/input")],
                  outputs=[ProcessingOutput("/opt/ml/processing/output", output_name="scaled")],
                  arguments=["--column", "1"])
    assert "scaled 2 rows" in capfd.readouterr().out
    job = processor.latest_job.describe()
    assert job["ProcessingJobStatus"] == "Completed"
    assert job["AppSpecification"]["ContainerEntrypoint"] == ["python3", "/opt/ml/processing/input/code/process.py"]
    assert stored(s3, job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"], "rows.csv") == \
        "a,-1.0\r\nb,1.0\r\n"
    again = sagemaker.processing.ProcessingJob.from_processing_arn(sagemaker.Session(), job["ProcessingJobArn"])
    assert again.outputs[0].output_name == "scaled"


def test_v2_framework_processor(folder, s3):
    import sagemaker
    from sagemaker.processing import FrameworkProcessor, ProcessingOutput
    from sagemaker.sklearn import SKLearn

    processor = FrameworkProcessor(SKLearn, "1.2-1", sagemaker.get_execution_role(), 1, "ml.t3.medium")
    processor.run("helped.py", source_dir=str(folder / "source"), logs=False,
                  outputs=[ProcessingOutput("/opt/ml/processing/output", output_name="said")])
    job = processor.latest_job.describe()
    assert job["ProcessingJobStatus"] == "Completed"
    assert stored(s3, job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"], "said") == "DONE"


def test_v2_script_processor_tells_why_a_job_failed(tmp_path):
    import sagemaker
    from sagemaker.exceptions import UnexpectedStatusException
    from sagemaker.processing import ScriptProcessor

    (tmp_path / "bad.py").write_text("raise KeyError('price')\n")
    image = sagemaker.image_uris.retrieve("sklearn", "us-east-1", "1.2-1")
    processor = ScriptProcessor(sagemaker.get_execution_role(), image, ["python3"], instance_count=1,
                                instance_type="ml.t3.medium")
    with pytest.raises(UnexpectedStatusException, match="KeyError: 'price'"):
        processor.run(str(tmp_path / "bad.py"), logs=False)


def test_v3_processors(folder, server):
    program = """
import sys
from sagemaker.core import image_uris
from sagemaker.core.processing import FrameworkProcessor, ScriptProcessor
from sagemaker.core.helper.session_helper import get_execution_role
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output

image = image_uris.retrieve("sklearn", "us-east-1", version="1.2-1", py_version="py3", instance_type="ml.t3.medium")
folder = sys.argv[1]
common = dict(image_uri=image, role=get_execution_role(), instance_type="ml.t3.medium", instance_count=1)
output = ProcessingOutput(output_name="out", s3_output=ProcessingS3Output(
    s3_uri=sys.argv[2], local_path="/opt/ml/processing/output", s3_upload_mode="EndOfJob"))
given = ProcessingInput(input_name="rows", s3_input=ProcessingS3Input(
    s3_uri=folder + "/rows.csv", local_path="/opt/ml/processing/input", s3_data_type="S3Prefix", s3_input_mode="File"))
script = ScriptProcessor(command=["python3"], **common)
script.run(code=folder + "/process.py", inputs=[given], outputs=[output], arguments=["--column", "1"], logs=False)
framework = FrameworkProcessor(command=["python3"], **common)
framework.run(code="helped.py", source_dir=folder + "/source", outputs=[output], logs=False)
for each in (script, framework):
    print("ended", each.latest_job.refresh().processing_job_status)
"""
    settings = server.environment()
    bucket = "s3://sagemaker-us-east-1-123456789012/v3-processors"
    run = subprocess.run([os.environ["ATELIER_CLIENTS_V3"] + "/bin/python", "-c", program, str(folder), bucket],
                         env=settings, capture_output=True, text=True, timeout=200)
    assert run.returncode == 0 and run.stdout.count("ended Completed") == 2, run.stdout[-3000:] + run.stderr[-3000:]
    s3 = server.client("s3")
    assert stored(s3, bucket, "rows.csv") == "a,-1.0\r\nb,1.0\r\n" and stored(s3, bucket, "said") == "DONE"
