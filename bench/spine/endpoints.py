"""InvokeEndpoint against the model server it leads to, asked directly over its socket."""

import io
import statistics
import tarfile
import time

from measuring.load import Connection

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
CODE = b"""
def model_fn(folder):
    return None

def input_fn(body, content_type):
    return body

def predict_fn(rows, model):
    return rows

def output_fn(result, accept):
    return result
"""
WARM, ROUNDS = 500, 3_000
OVERHEAD_MS = 1


def measure(atelier, report):
    s3, sagemaker = atelier.client("s3"), atelier.client("sagemaker")
    s3.create_bucket(Bucket="endpoints")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("code/inference.py")
        entry.size = len(CODE)
        tar.addfile(entry, io.BytesIO(CODE))
    s3.put_object(Bucket="endpoints", Key="model.tar.gz", Body=archive.getvalue())
    sagemaker.create_model(ModelName="echo", ExecutionRoleArn=atelier.role, PrimaryContainer={
        "Image": IMAGE, "ModelDataUrl": "s3://endpoints/model.tar.gz",
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py"}})
    sagemaker.create_endpoint_config(EndpointConfigName="echo", ProductionVariants=[{
        "VariantName": "AllTraffic", "ModelName": "echo", "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}])
    begun = time.perf_counter()
    sagemaker.create_endpoint(EndpointName="echo", EndpointConfigName="echo")
    while (state := sagemaker.describe_endpoint(EndpointName="echo"))["EndpointStatus"] == "Creating":
        time.sleep(0.02)
    if state["EndpointStatus"] != "InService":
        raise RuntimeError(state.get("FailureReason"))
    report.below("endpoint Creating to InService", time.perf_counter() - begun, "s", 5)
    overhead(atelier, report)
    sagemaker.delete_endpoint(EndpointName="echo")


def overhead(atelier, report):
    rows = b"0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8\n"
    bare = (b"POST /invocations HTTP/1.1\r\nHost: model\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n"
            % len(rows)) + rows
    # the model server's socket lies in the endpoint's own folder below the data folder
    socket = next((atelier.data / "run").rglob("service.sock"))
    direct, through = Connection(socket), Connection(("127.0.0.1", atelier.port))
    signed = atelier.signer.invoke("echo", rows, "text/csv")
    times = {"direct": [], "through": []}
    for count in range(WARM + ROUNDS):
        for name, connection, request in (("direct", direct, bare), ("through", through, signed)):
            taken = connection.exchange(request)
            if count >= WARM:
                times[name].append(taken)
    direct.close()
    through.close()
    base, whole = (statistics.median(times[name]) * 1_000 for name in ("direct", "through"))
    report.below("InvokeEndpoint overhead, median", whole - base, "ms", OVERHEAD_MS,
                 "model server alone %.2f ms" % base, "%.2fx" % (whole / base))
