"""Training jobs as the parts of this bench submit and follow them."""

import time

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
GROUP = "/aws/sagemaker/TrainingJobs"
ENDED = ("Completed", "Failed", "Stopped")
BUCKET = "jobs"


class Jobs:
    """What one user submits."""

    def __init__(self, atelier):
        self.sagemaker, self.logs, self.s3 = (atelier.client(each) for each in ("sagemaker", "logs", "s3"))
        self.role = atelier.role
        self.s3.create_bucket(Bucket=BUCKET)

    def submit(self, name, program, channel=None, keep_alive=0):
        """Accepts a job whose program is a line of Python; when it was accepted, in seconds since 1970."""
        resources = {"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1}
        if keep_alive:
            resources["KeepAlivePeriodInSeconds"] = keep_alive
        data = {} if channel is None else {"InputDataConfig": [{"ChannelName": "data", "DataSource": {"S3DataSource": {
            "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s" % (BUCKET, channel)}}}]}
        self.sagemaker.create_training_job(
            TrainingJobName=name, RoleArn=self.role, AlgorithmSpecification={
                "TrainingImage": IMAGE, "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python", "-c", program]},
            OutputDataConfig={"S3OutputPath": "s3://%s/out" % BUCKET}, ResourceConfig=resources,
            StoppingCondition={"MaxRuntimeInSeconds": 3600}, **data)
        return time.time()

    def described(self, name):
        return self.sagemaker.describe_training_job(TrainingJobName=name)

    def until(self, name, ready, pause=0.02):
        while not ready(job := self.described(name)):
            time.sleep(pause)
        return job

    def ended(self, name, wanted="Completed"):
        job = self.until(name, lambda each: each["TrainingJobStatus"] in ENDED)
        if job["TrainingJobStatus"] != wanted:
            raise RuntimeError("%s is %s: %s" % (name, job["TrainingJobStatus"], job.get("FailureReason")))
        return job

    def lines(self, name):
        """The lines that a program has written, with their times in seconds since 1970."""
        stream = self.logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=name + "/")["logStreams"][0]
        events = self.logs.get_log_events(logGroupName=GROUP, logStreamName=stream["logStreamName"], startFromHead=True)
        return [(each["message"], each["timestamp"] / 1_000) for each in events["events"]]

    def line(self, name, wanted):
        """When a program wrote a line that begins so, and the line."""
        return next((at, text) for text, at in self.lines(name) if text.startswith(wanted))


def phase(job, status):
    """Begin and end of a phase of a job's, in seconds since 1970."""
    found = next(each for each in job["SecondaryStatusTransitions"] if each["Status"] == status)
    return found["StartTime"].timestamp(), found["EndTime"].timestamp()


def whole(job):
    return (job["TrainingEndTime"] - job["CreationTime"]).total_seconds()
